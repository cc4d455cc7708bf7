#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// The position behind the last message of a queue.
struct GetMaxOffset {
  static constexpr std::string_view kName = "GET_MAX_OFFSET";
  static constexpr Codes kCodes = {30};

  struct Header {
    std::string_view topic;
    std::int32_t queue_id = 0;
    bool committed = true;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::queue_id, "queueId", Need::kRequired, "Queue of the topic."),
          F(&S::committed, "committed", Need::kOptional, "Count only what is dispatched."),
          F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.")};
    }
  };

  using Reply = OffsetField;
};

}  // namespace comet::wire
