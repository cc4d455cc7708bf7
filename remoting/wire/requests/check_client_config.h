#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A consumer asks whether its filter expression is understood. The body has it.
struct CheckClientConfig {
  static constexpr std::string_view kName = "CHECK_CLIENT_CONFIG";
  static constexpr Codes kCodes = {46};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
