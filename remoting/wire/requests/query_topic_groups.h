#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// The groups that consume a topic. The reply has a body.
struct QueryTopicGroups {
  static constexpr std::string_view kName = "QUERY_TOPIC_CONSUME_BY_WHO";
  static constexpr Codes kCodes = {300};

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
