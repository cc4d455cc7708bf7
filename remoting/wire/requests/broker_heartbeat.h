#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A broker says that it lives.
struct BrokerHeartbeat {
  static constexpr std::string_view kName = "BROKER_HEARTBEAT";
  static constexpr Codes kCodes = {904};

  struct Header {
    std::string_view cluster_name;
    std::string_view broker_addr;
    std::string_view broker_name;
    std::optional<std::int64_t> broker_id;
    std::optional<std::int32_t> epoch;
    std::optional<std::int64_t> max_offset;
    std::optional<std::int64_t> confirm_offset;
    std::optional<std::int64_t> heartbeat_timeout_ms;
    std::optional<std::int32_t> election_priority;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::cluster_name, "clusterName", Need::kRequired, "Cluster."),
          F(&S::broker_addr, "brokerAddr", Need::kRequired, "Address clients use."),
          F(&S::broker_name, "brokerName", Need::kRequired, "Name of the broker group."),
          F(&S::broker_id, "brokerId", Need::kOptional, "0 is the master."),
          F(&S::epoch, "epoch", Need::kOptional, "For controllers."),
          F(&S::max_offset, "maxOffset", Need::kOptional, "For controllers."),
          F(&S::confirm_offset, "confirmOffset", Need::kOptional, "For controllers."),
          F(&S::heartbeat_timeout_ms, "heartbeatTimeoutMills", Need::kOptional, "For controllers."),
          F(&S::election_priority, "electionPriority", Need::kOptional, "For controllers.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
