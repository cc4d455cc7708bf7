#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// A broker leaves.
struct UnregisterBroker {
  static constexpr std::string_view kName = "UNREGISTER_BROKER";
  static constexpr Codes kCodes = {104};

  struct Header {
    std::string_view broker_name;
    std::string_view broker_addr;
    std::string_view cluster_name;
    std::int64_t broker_id = 0;

    static constexpr auto Fields() {
      using S = Header;
      return std::tuple{
          F(&S::broker_name, "brokerName", Need::kRequired, "Name of the broker group."),
          F(&S::broker_addr, "brokerAddr", Need::kRequired, "Address clients use."),
          F(&S::cluster_name, "clusterName", Need::kRequired, "Cluster."),
          F(&S::broker_id, "brokerId", Need::kRequired, "0 is the master.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
