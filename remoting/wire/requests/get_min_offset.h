#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// The position of the first message of a queue.
struct GetMinOffset {
  static constexpr std::string_view kName = "GET_MIN_OFFSET";
  static constexpr Codes kCodes = {31};

  struct Header {
    std::string_view topic;
    std::int32_t queue_id = 0;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return std::tuple{F(&S::topic, "topic", Need::kRequired, "Topic."),
                        F(&S::queue_id, "queueId", Need::kRequired, "Queue of the topic."),
                        F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.")};
    }
  };

  struct Reply {
    std::int64_t offset = 0;

    static constexpr auto Fields() {
      using S = Reply;
      return std::tuple{F(&S::offset, "offset", Need::kRequired, "Position in the queue.")};
    }
  };
};

}  // namespace comet::wire
