#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// An ordered consumer gives queues back. The body names them.
struct UnlockQueues {
  static constexpr std::string_view kName = "UNLOCK_BATCH_MQ";
  static constexpr Codes kCodes = {42};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
