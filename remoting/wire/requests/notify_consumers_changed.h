#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// The members of a group changed: rebalance. One-way.
struct NotifyConsumersChanged {
  static constexpr std::string_view kName = "NOTIFY_CONSUMER_IDS_CHANGED";
  static constexpr Codes kCodes = {40};

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
