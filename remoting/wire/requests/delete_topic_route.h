#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Forgets a topic's route.
struct DeleteTopicRoute {
  static constexpr std::string_view kName = "DELETE_TOPIC_IN_NAMESRV";
  static constexpr Codes kCodes = {216};

  struct Header {
    std::string_view topic;
    std::string_view cluster_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::cluster_name, "clusterName", Need::kOptional, "Only of this cluster.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
