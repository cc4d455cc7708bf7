#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// The topics of a cluster. The reply has a body.
struct GetTopicsByCluster {
  static constexpr std::string_view kName = "GET_TOPICS_BY_CLUSTER";
  static constexpr Codes kCodes = {224};

  struct Header {
    std::string_view cluster;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::cluster, "cluster", Need::kRequired, "Cluster.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
