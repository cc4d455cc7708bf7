#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// Who of a consumer group is connected. The reply has a body.
struct GetConsumerConnections {
  static constexpr std::string_view kName = "GET_CONSUMER_CONNECTION_LIST";
  static constexpr Codes kCodes = {203};

  struct Header {
    std::string_view consumer_group;

    static constexpr auto Fields() {
      using S = Header;
      return std::tuple{F(&S::consumer_group, "consumerGroup", Need::kRequired, "Consumer group.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
