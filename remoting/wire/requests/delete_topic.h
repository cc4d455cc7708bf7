#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// Deletes a topic, its queues and its offsets.
struct DeleteTopic {
  static constexpr std::string_view kName = "DELETE_TOPIC_IN_BROKER";
  static constexpr Codes kCodes = {215};

  using Header = TopicField;
  using Reply = NoFields;
};

}  // namespace comet::wire
