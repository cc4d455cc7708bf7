#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// Finds the position of a queue at a store time.
struct SearchOffset {
  static constexpr std::string_view kName = "SEARCH_OFFSET_BY_TIMESTAMP";
  static constexpr Codes kCodes = {29};

  struct Header {
    std::string_view topic;
    std::int32_t queue_id = 0;
    std::int64_t timestamp_ms = 0;
    std::string_view boundary;
    std::string_view lite_topic;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::queue_id, "queueId", Need::kRequired, "Queue of the topic."),
          F(&S::timestamp_ms, "timestamp", Need::kRequired, "Store time."),
          F(&S::boundary, "boundaryType", Need::kOptional,
            "lower: first stored at the time or later (default); upper: last stored at it or "
            "earlier."),
          F(&S::lite_topic, "liteTopic", Need::kOptional, "Lite topic below the topic."),
          F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.")};
    }
  };

  using Reply = OffsetField;
};

}  // namespace comet::wire
