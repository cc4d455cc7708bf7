#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// The addresses of a broker group. The reply has a body.
struct GetBrokerMembers {
  static constexpr std::string_view kName = "GET_BROKER_MEMBER_GROUP";
  static constexpr Codes kCodes = {901};

  struct Header {
    std::string_view cluster_name;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::cluster_name, "clusterName", Need::kRequired, "Cluster."),
          F(&S::broker_name, "brokerName", Need::kRequired, "Name of the broker group.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
