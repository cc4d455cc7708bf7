#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A slave asks its master, before it copies the log, whether it may, and says who is at the other
// end of its replication connection, because that protocol has no word for it. CometMQ's own;
// Apache's brokers answer that they do not know the code.
struct AttachReplica {
  static constexpr std::string_view kName = "ATTACH_REPLICA";
  static constexpr Codes kCodes = {30001};

  struct Header {
    std::string_view broker_name;
    std::int64_t broker_id = 0;
    std::string_view ha_address;
    std::int64_t max_offset = 0;
    std::int64_t tail_offset = 0;
    std::int64_t tail_bytes = 0;
    std::int64_t tail_crc = 0;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::broker_name, "brokerName", Need::kRequired, "Group of the slave."),
          F(&S::broker_id, "brokerId", Need::kRequired, "Id of the slave in it."),
          F(&S::ha_address, "haAddress", Need::kRequired,
            "ip:port from which it has connected to the HA port."),
          F(&S::max_offset, "maxOffset", Need::kRequired, "Where the slave's log ends."),
          F(&S::tail_offset, "tailOffset", Need::kOptional,
            "Where the last record of the slave's log begins."),
          F(&S::tail_bytes, "tailBytes", Need::kOptional,
            "Bytes of it and of a blank record behind it; 0: there is no record."),
          F(&S::tail_crc, "tailCrc", Need::kOptional, "CRC-32 of these bytes.")};
    }
  };

  struct Reply {
    std::int64_t min_offset = 0;
    std::int64_t max_offset = 0;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::min_offset, "minOffset", Need::kRequired, "Where the master's log begins."),
          F(&S::max_offset, "maxOffset", Need::kRequired, "Where it ends.")};
    }
  };
};

}  // namespace comet::wire
