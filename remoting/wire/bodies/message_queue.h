#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "remoting/base/describe.h"

namespace comet::wire {

// One queue of a topic on one broker. Also the key of offset tables, where the dialect writes the
// whole object as a member name. Ordered by topic, broker, number.
struct MessageQueue {
  std::string topic;
  std::string broker_name;
  std::int32_t queue_id = 0;

  auto operator<=>(const MessageQueue&) const = default;

  static constexpr auto Fields() {
    using B = MessageQueue;
    return Declaration{
        F(&B::topic, "topic", Need::kRequired, "Topic."),
        F(&B::broker_name, "brokerName", Need::kRequired, "Name of the broker group."),
        F(&B::queue_id, "queueId", Need::kOptional, "Number of the queue.")};
  }
};

}  // namespace comet::wire
