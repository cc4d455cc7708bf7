#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Stores the offset of a group.
struct UpdateConsumerOffset {
  static constexpr std::string_view kName = "UPDATE_CONSUMER_OFFSET";
  static constexpr Codes kCodes = {15};

  struct Header {
    std::string_view consumer_group;
    std::string_view topic;
    std::optional<std::int32_t> queue_id;  // the broker says in its own words when it is missing
    std::int64_t commit_offset = 0;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::consumer_group, "consumerGroup", Need::kRequired, "Consumer group."),
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::queue_id, "queueId", Need::kOptional, "Queue of the topic."),
          F(&S::commit_offset, "commitOffset", Need::kRequired, "First position not yet consumed."),
          F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
