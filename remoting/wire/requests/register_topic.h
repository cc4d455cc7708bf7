#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// Adds queues of a topic; the body is TopicRouteData.
struct RegisterTopic {
  static constexpr std::string_view kName = "REGISTER_TOPIC_IN_NAMESRV";
  static constexpr Codes kCodes = {217};

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
