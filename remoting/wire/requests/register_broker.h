#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A broker tells where it is and which topics it has; the body is RegisterBrokerBody.
struct RegisterBroker {
  static constexpr std::string_view kName = "REGISTER_BROKER";
  static constexpr Codes kCodes = {103};

  struct Header {
    std::string_view broker_name;
    std::string_view broker_addr;
    std::string_view cluster_name;
    std::string_view ha_addr;
    std::int64_t broker_id = 0;
    std::optional<std::int64_t> heartbeat_timeout_ms;
    std::optional<bool> acting_master;
    bool compressed = false;
    std::int32_t body_crc32 = 0;
    std::string_view zone_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::broker_name, "brokerName", Need::kRequired, "Name of the broker group."),
          F(&S::broker_addr, "brokerAddr", Need::kRequired, "Address clients use."),
          F(&S::cluster_name, "clusterName", Need::kRequired, "Cluster."),
          F(&S::ha_addr, "haServerAddr", Need::kRequired, "Where slaves replicate from."),
          F(&S::broker_id, "brokerId", Need::kRequired, "0 is the master."),
          F(&S::heartbeat_timeout_ms, "heartbeatTimeoutMillis", Need::kOptional,
            "Silence after which the broker is gone."),
          F(&S::acting_master, "enableActingMaster", Need::kOptional,
            "A slave may stand in for the master; 4.x brokers leave it out."),
          F(&S::compressed, "compressed", Need::kOptional, "The body is a zlib stream."),
          F(&S::body_crc32, "bodyCrc32", Need::kOptional,
            "CRC-32 of the body without its top bit; 0 is not checked."),
          F(&S::zone_name, "__ZONE_NAME", Need::kOptional, "Zone of the broker.")};
    }
  };

  struct Reply {
    std::string_view ha_addr;
    std::string_view master_addr;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::ha_addr, "haServerAddr", Need::kOptional, "Where a slave replicates from."),
          F(&S::master_addr, "masterAddr", Need::kOptional, "The master's address.")};
    }
  };
};

}  // namespace comet::wire
