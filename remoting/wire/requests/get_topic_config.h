#pragma once

#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// The settings of one topic. The reply has a body.
struct GetTopicConfig {
  static constexpr std::string_view kName = "GET_TOPIC_CONFIG";
  static constexpr Codes kCodes = {351};

  struct Header {
    std::string_view topic;
    std::optional<bool> logical;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::topic, "topic", Need::kRequired, "Topic."),
                         F(&S::logical, "lo", Need::kOptional, "The topic may be a static one.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
