#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Where the members of a group are in a topic: the broker asks them. The reply has a body.
struct GetConsumerStatus {
  static constexpr std::string_view kName = "INVOKE_BROKER_TO_GET_CONSUMER_STATUS";
  static constexpr Codes kCodes = {223};

  struct Header {
    std::string_view topic;
    std::string_view group;
    std::string_view client_id;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::topic, "topic", Need::kRequired, "Topic."),
                         F(&S::group, "group", Need::kRequired, "Consumer group."),
                         F(&S::client_id, "clientAddr", Need::kOptional, "Only this client.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
