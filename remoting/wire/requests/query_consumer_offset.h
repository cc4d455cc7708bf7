#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// Reads the stored offset of a group; QUERY_NOT_FOUND lets the client choose where to begin.
struct QueryConsumerOffset {
  static constexpr std::string_view kName = "QUERY_CONSUMER_OFFSET";
  static constexpr Codes kCodes = {14};

  struct Header {
    std::string_view consumer_group;
    std::string_view topic;
    std::int32_t queue_id = 0;
    std::optional<bool> set_zero_if_not_found;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::consumer_group, "consumerGroup", Need::kRequired, "Consumer group."),
                         F(&S::topic, "topic", Need::kRequired, "Topic."),
                         F(&S::queue_id, "queueId", Need::kRequired, "Queue of the topic."),
                         F(&S::set_zero_if_not_found, "setZeroIfNotFound", Need::kOptional,
                           "Answer 0 when nothing is stored and the queue is young; default true."),
                         F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.")};
    }
  };

  using Reply = OffsetField;
};

}  // namespace comet::wire
