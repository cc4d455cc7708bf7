#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// The settings of one subscription group. The reply has a body.
struct GetGroupConfig {
  static constexpr std::string_view kName = "GET_SUBSCRIPTIONGROUP_CONFIG";
  static constexpr Codes kCodes = {352};

  struct Header {
    std::string_view group;

    static constexpr auto Fields() {
      using S = Header;
      return std::tuple{F(&S::group, "group", Need::kRequired, "Consumer group.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
