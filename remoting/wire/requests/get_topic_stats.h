#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// Offsets of every queue of a topic. The reply has a body.
struct GetTopicStats {
  static constexpr std::string_view kName = "GET_TOPIC_STATS_INFO";
  static constexpr Codes kCodes = {202};

  using Header = TopicField;
  using Reply = NoFields;
};

}  // namespace comet::wire
