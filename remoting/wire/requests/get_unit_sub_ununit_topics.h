#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Topics with a unit subscription that are none of unit mode. The reply has a body.
struct GetUnitSubUnunitTopics {
  static constexpr std::string_view kName = "GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST";
  static constexpr Codes kCodes = {313};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
