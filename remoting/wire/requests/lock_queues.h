#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// An ordered consumer asks to be the only one on some queues. Body and reply have bodies.
struct LockQueues {
  static constexpr std::string_view kName = "LOCK_BATCH_MQ";
  static constexpr Codes kCodes = {41};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
