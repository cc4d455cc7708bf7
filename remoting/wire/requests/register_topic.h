#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// Adds queues of a topic; the body is TopicRouteData.
struct RegisterTopic {
  static constexpr std::string_view kName = "REGISTER_TOPIC_IN_NAMESRV";
  static constexpr Codes kCodes = {217};

  using Header = TopicField;
  using Reply = NoFields;
};

}  // namespace comet::wire
