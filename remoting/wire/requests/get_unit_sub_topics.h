#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Topics with a unit subscription. The reply has a body.
struct GetUnitSubTopics {
  static constexpr std::string_view kName = "GET_HAS_UNIT_SUB_TOPIC_LIST";
  static constexpr Codes kCodes = {312};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
