#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// Where a consumer is in a topic. The reply has a body.
struct GetClientStatus {
  static constexpr std::string_view kName = "GET_CONSUMER_STATUS_FROM_CLIENT";
  static constexpr Codes kCodes = {221};

  struct Header {
    std::string_view topic;
    std::string_view group;
    std::string_view client_id;

    static constexpr auto Fields() {
      using S = Header;
      return std::tuple{F(&S::topic, "topic", Need::kRequired, "Topic."),
                        F(&S::group, "group", Need::kRequired, "Consumer group."),
                        F(&S::client_id, "clientAddr", Need::kOptional, "Only this client.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
