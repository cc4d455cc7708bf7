#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// What a consumer is doing. Tools ask the broker, which asks the client. The reply has a body.
struct GetConsumerRunningInfo {
  static constexpr std::string_view kName = "GET_CONSUMER_RUNNING_INFO";
  static constexpr Codes kCodes = {307};

  struct Header {
    std::string_view consumer_group;
    std::string_view client_id;
    bool stack = false;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::consumer_group, "consumerGroup", Need::kRequired, "Consumer group."),
          F(&S::client_id, "clientId", Need::kRequired, "Client."),
          F(&S::stack, "jstackEnable", Need::kOptional, "With the stacks of its threads.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
