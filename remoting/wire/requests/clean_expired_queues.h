#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Deletes what consume queues hold of messages that are gone.
struct CleanExpiredQueues {
  static constexpr std::string_view kName = "CLEAN_EXPIRED_CONSUMEQUEUE";
  static constexpr Codes kCodes = {306};

  using Header = NoFields;

  using Reply = NoFields;
};

}  // namespace comet::wire
