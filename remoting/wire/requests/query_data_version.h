#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// A broker asks whether it must register again. Body and reply are a DataVersion.
struct QueryDataVersion {
  static constexpr std::string_view kName = "QUERY_DATA_VERSION";
  static constexpr Codes kCodes = {322};

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

  struct Reply {
    bool changed = false;

    static constexpr auto Fields() {
      using S = Reply;
      return std::tuple{
          F(&S::changed, "changed", Need::kRequired, "The name server has another version.")};
    }
  };
};

}  // namespace comet::wire
