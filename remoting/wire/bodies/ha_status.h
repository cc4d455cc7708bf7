#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/describe.h"

namespace comet::wire {

// A replica as its master sees it.
struct HaConnection {
  std::string address;
  std::int64_t acked = 0, diff = 0, sent = 0, bytes_per_second = 0;
  bool in_sync = false;

  static constexpr auto Fields() {
    using B = HaConnection;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::address, "addr", kNo, "ip:port of the replica's connection."),
        F(&B::acked, "slaveAckOffset", kNo, "The replica has the log up to here."),
        F(&B::diff, "diff", kNo, "Bytes that it lacks."),
        F(&B::in_sync, "inSync", kNo, "It lacks less than haMaxGapNotInSync."),
        F(&B::bytes_per_second, "transferredByteInSecond", kNo, "Bytes sent in a second."),
        F(&B::sent, "transferFromWhere", kNo, "Where the next bytes for it begin.")};
  }
};

// A slave's own side.
struct HaClientStatus {
  bool activated = false;
  std::optional<std::string> master;
  std::int64_t last_read_ms = 0, last_write_ms = 0;
  std::int64_t master_flushed = 0, max_offset = 0, bytes_per_second = 0;

  static constexpr auto Fields() {
    using B = HaClientStatus;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::activated, "activated", kNo, "It is connected to its master."),
        F(&B::last_read_ms, "lastReadTimestamp", kNo, "When something came from the master."),
        F(&B::last_write_ms, "lastWriteTimestamp", kNo, "When it reported."),
        F(&B::master, "masterAddr", kNo, "HA address of the master."),
        F(&B::master_flushed, "masterFlushOffset", kNo, "Told by masters that may switch roles."),
        F(&B::max_offset, "maxOffset", kNo, "Where its log ends."),
        F(&B::bytes_per_second, "transferredByteInSecond", kNo, "Bytes received in a second.")};
  }
};

// Why a replica does not copy. CometMQ's own: Apache's tools do not look at it.
struct HaTrouble {
  std::string address;
  std::int64_t broker_id = -1;
  std::int64_t time_ms = 0;
  std::string text;

  static constexpr auto Fields() {
    using B = HaTrouble;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::address, "addr", kNo, "The other side, ip:port."),
                       F(&B::broker_id, "brokerId", kNo, "Its broker id; -1: it has not said."),
                       F(&B::text, "text", kNo, "What is wrong and what to do, as in the log."),
                       F(&B::time_ms, "timestamp", kNo, "When it was so the last time.")};
  }
};

// The answer to GET_BROKER_HA_STATUS.
struct HaStatus {
  bool master = false;
  std::int64_t max_offset = 0;
  std::int32_t in_sync = 0;
  std::vector<HaConnection> connections;
  HaClientStatus client;
  std::optional<std::vector<HaTrouble>> troubles;  // left out when there are none

  static constexpr auto Fields() {
    using B = HaStatus;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::client, "haClientRuntimeInfo", kNo, "Of a slave."),
        F(&B::connections, "haConnectionInfo", kNo, "Of a master: its replicas."),
        F(&B::in_sync, "inSyncSlaveNums", kNo, "Replicas in sync."),
        F(&B::master, "master", kNo, "Whether the broker is a master."),
        F(&B::max_offset, "masterCommitLogMaxOffset", kNo, "Where the master's log ends."),
        F(&B::troubles, "troubles", kNo,
          "Of a master: replicas it has turned away; of a slave: what it cannot follow.")};
  }
};

}  // namespace comet::wire
