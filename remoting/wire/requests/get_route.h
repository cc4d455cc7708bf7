#pragma once

#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Where the queues of a topic are. The reply has TopicRouteData as body.
struct GetRoute {
  static constexpr std::string_view kName = "GET_ROUTEINFO_BY_TOPIC";
  static constexpr Codes kCodes = {105};

  struct Header {
    std::optional<std::string_view> topic;
    std::optional<bool> standard_json;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::topic, "topic", Need::kOptional, "Topic; a request without one finds none."),
          F(&S::standard_json, "acceptStandardJsonOnly", Need::kOptional,
            "The client wants quoted integer keys.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
