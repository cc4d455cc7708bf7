#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// The settings of a name server as key=value lines in the body.
struct GetNamesrvConfig {
  static constexpr std::string_view kName = "GET_NAMESRV_CONFIG";
  static constexpr Codes kCodes = {319};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
