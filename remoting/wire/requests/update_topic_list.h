#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Creates or changes several topics, which the body lists.
struct UpdateTopicList {
  static constexpr std::string_view kName = "UPDATE_AND_CREATE_TOPIC_LIST";
  static constexpr Codes kCodes = {18};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
