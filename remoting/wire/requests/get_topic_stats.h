#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// Offsets of every queue of a topic. The reply has a body.
struct GetTopicStats {
  static constexpr std::string_view kName = "GET_TOPIC_STATS_INFO";
  static constexpr Codes kCodes = {202};

  struct Header {
    std::string_view topic;

    static constexpr auto Fields() {
      using S = Header;
      return std::tuple{F(&S::topic, "topic", Need::kRequired, "Topic.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
