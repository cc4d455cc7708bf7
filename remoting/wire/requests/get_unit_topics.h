#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Topics of unit mode. The reply has a body.
struct GetUnitTopics {
  static constexpr std::string_view kName = "GET_UNIT_TOPIC_LIST";
  static constexpr Codes kCodes = {311};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
