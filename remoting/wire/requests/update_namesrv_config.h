#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Changes settings of a running name server. The body is key=value lines.
struct UpdateNamesrvConfig {
  static constexpr std::string_view kName = "UPDATE_NAMESRV_CONFIG";
  static constexpr Codes kCodes = {318};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
