#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// When the messages of a topic's queues were stored, and how far behind a group is in time. The
// reply has a body.
struct QueryConsumeTimeSpan {
  static constexpr std::string_view kName = "QUERY_CONSUME_TIME_SPAN";
  static constexpr Codes kCodes = {303};

  struct Header {
    std::string_view topic;
    std::string_view group;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::topic, "topic", Need::kRequired, "Topic."),
                         F(&S::group, "group", Need::kRequired, "Consumer group.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
