#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// The topics a group has offsets of. The reply has a body.
struct QueryGroupTopics {
  static constexpr std::string_view kName = "QUERY_TOPICS_BY_CONSUMER";
  static constexpr Codes kCodes = {343};

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
