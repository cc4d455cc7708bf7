#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// All topics. The reply has a body.
struct GetAllTopics {
  static constexpr std::string_view kName = "GET_ALL_TOPIC_LIST_FROM_NAMESERVER";
  static constexpr Codes kCodes = {206};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
