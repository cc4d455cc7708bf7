#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// What a group wants of a topic. The reply has a body.
struct QuerySubscription {
  static constexpr std::string_view kName = "QUERY_SUBSCRIPTION_BY_CONSUMER";
  static constexpr Codes kCodes = {345};

  struct Header {
    std::string_view group;
    std::string_view topic;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::group, "group", Need::kRequired, "Consumer group."),
                         F(&S::topic, "topic", Need::kOptional, "Topic.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
