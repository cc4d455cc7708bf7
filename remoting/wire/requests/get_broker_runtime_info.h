#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Figures of a running broker. The reply has a KVTable as body.
struct GetBrokerRuntimeInfo {
  static constexpr std::string_view kName = "GET_BROKER_RUNTIME_INFO";
  static constexpr Codes kCodes = {28};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
