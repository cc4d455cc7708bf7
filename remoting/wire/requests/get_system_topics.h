#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// The topics every broker has. The reply has a body.
struct GetSystemTopics {
  static constexpr std::string_view kName = "GET_SYSTEM_TOPIC_LIST_FROM_BROKER";
  static constexpr Codes kCodes = {305};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
