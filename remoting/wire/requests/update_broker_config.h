#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Changes settings of a running broker. The body is key=value lines.
struct UpdateBrokerConfig {
  static constexpr std::string_view kName = "UPDATE_BROKER_CONFIG";
  static constexpr Codes kCodes = {25};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
