#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// When the first message of a queue was stored.
struct GetEarliestStoreTime {
  static constexpr std::string_view kName = "GET_EARLIEST_MSG_STORETIME";
  static constexpr Codes kCodes = {32};

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
    std::int64_t timestamp_ms = 0;

    static constexpr auto Fields() {
      using S = Reply;
      return std::tuple{
          F(&S::timestamp_ms, "timestamp", Need::kRequired, "Store time, -1 if there is none.")};
    }
  };
};

}  // namespace comet::wire
