#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A group shall go on elsewhere in a topic. The reply has a body.
struct ResetOffset {
  static constexpr std::string_view kName = "INVOKE_BROKER_TO_RESET_OFFSET";
  static constexpr Codes kCodes = {222};

  struct Header {
    std::string_view group;
    std::string_view topic;
    std::int64_t timestamp_ms = -1;
    bool force = false;
    std::int32_t queue_id = -1;
    std::optional<std::int64_t> offset;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::group, "group", Need::kRequired, "Consumer group."),
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::timestamp_ms, "timestamp", Need::kRequired, "To this time; -1 is the end."),
          F(&S::force, "isForce", Need::kOptional, "Also forwards."),
          F(&S::queue_id, "queueId", Need::kOptional, "Only this queue; -1 is all of them."),
          F(&S::offset, "offset", Need::kOptional, "To this offset; -1 is none.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
