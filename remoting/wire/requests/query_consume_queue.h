#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Entries of a consume queue. The reply has a body.
struct QueryConsumeQueue {
  static constexpr std::string_view kName = "QUERY_CONSUME_QUEUE";
  static constexpr Codes kCodes = {321};

  struct Header {
    std::string_view topic;
    std::int32_t queue_id = 0;
    std::int64_t index = 0;
    std::int32_t count = 0;
    std::string_view consumer_group;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::topic, "topic", Need::kRequired, "Topic."),
                         F(&S::queue_id, "queueId", Need::kRequired, "Queue."),
                         F(&S::index, "index", Need::kRequired, "First entry wanted."),
                         F(&S::count, "count", Need::kRequired, "Entries wanted."),
                         F(&S::consumer_group, "consumerGroup", Need::kOptional,
                           "Group whose subscription is shown, too.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
