#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A consumer shall go on elsewhere; the body has the offsets. One-way.
struct ResetClientOffset {
  static constexpr std::string_view kName = "RESET_CONSUMER_CLIENT_OFFSET";
  static constexpr Codes kCodes = {220};

  struct Header {
    std::string_view group;
    std::string_view topic;
    std::int64_t timestamp_ms = 0;
    bool force = false;
    std::optional<std::int32_t> queue_id;
    std::optional<std::int64_t> offset;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::group, "group", Need::kRequired, "Consumer group."),
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::timestamp_ms, "timestamp", Need::kRequired, "Time the offsets stand for."),
          F(&S::force, "isForce", Need::kOptional, "Also forwards."),
          F(&S::queue_id, "queueId", Need::kOptional, "Only this queue."),
          F(&S::offset, "offset", Need::kOptional, "To this offset.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
