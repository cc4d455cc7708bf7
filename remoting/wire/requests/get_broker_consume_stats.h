#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// How far every group is on every topic. The reply has a body.
struct GetBrokerConsumeStats {
  static constexpr std::string_view kName = "GET_BROKER_CONSUME_STATS";
  static constexpr Codes kCodes = {317};

  struct Header {
    bool order = false;

    static constexpr auto Fields() {
      return Declaration{F(&Header::order, "isOrder", Need::kOptional, "Only ordered topics.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
