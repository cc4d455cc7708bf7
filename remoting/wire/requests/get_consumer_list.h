#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// The client ids of a consumer group, for rebalancing. The reply has a body.
struct GetConsumerList {
  static constexpr std::string_view kName = "GET_CONSUMER_LIST_BY_GROUP";
  static constexpr Codes kCodes = {38};

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
