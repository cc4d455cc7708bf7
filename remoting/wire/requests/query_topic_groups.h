#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// The groups that consume a topic. The reply has a body.
struct QueryTopicGroups {
  static constexpr std::string_view kName = "QUERY_TOPIC_CONSUME_BY_WHO";
  static constexpr Codes kCodes = {300};

  using Header = TopicField;
  using Reply = NoFields;
};

}  // namespace comet::wire
