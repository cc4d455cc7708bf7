#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "remoting/base/describe_config.h"

namespace comet::broker {

enum class BrokerRole : std::uint8_t { kAsyncMaster, kSyncMaster, kSlave };
constexpr auto NamesOf(BrokerRole) {
  return std::array<std::string_view, 3>{"ASYNC_MASTER", "SYNC_MASTER", "SLAVE"};
}

inline constexpr std::int64_t kHaTickMsMax = 1000;  // between two looks at a link

// Settings of replication: RocketMQ's keys and defaults, and three of ours at the end. The store
// declares slaveTimeout and haMaxGapNotInSync.
struct HaConfig {
  BrokerRole role = BrokerRole::kAsyncMaster;
  std::int32_t ha_listen_port = 0;  // 0: listen_port + 1
  std::string ha_master_address;    // empty: the name server tells it

  std::int64_t ha_heartbeat_ms = 5000;
  std::int64_t ha_silence_max_ms = 20'000;
  std::int64_t ha_batch_bytes = 32 << 10;
  bool ha_flow_control = false;
  std::int64_t ha_bytes_per_second = 100 << 20;

  std::int32_t in_sync_replicas = 1;
  std::int32_t min_in_sync_replicas = 1;

  bool sync_master_waits = true;
  bool ha_ack_flushed = true;
  bool ha_accept_partial_log = false;

  bool is_slave() const { return role == BrokerRole::kSlave; }
  bool is_sync_master() const { return role == BrokerRole::kSyncMaster; }

  static constexpr auto Settings() {
    using C = HaConfig;
    constexpr std::int64_t kMiB = 1 << 20;
    constexpr std::int64_t kHourMs = 3600 * 1000;
    return Declaration{
        S(&C::role, "brokerRole", When::kStart,
          "SYNC_MASTER answers a send when slaves have it too, ASYNC_MASTER does not wait for "
          "them, SLAVE copies its master."),
        S(&C::ha_listen_port, "haListenPort", When::kStart,
          "Port on which slaves copy the log; 0 means listenPort + 1.", Between{0, 65535}),
        S(&C::ha_master_address, "haMasterAddress", When::kStart,
          "host:port of the master's haListenPort; empty: as the name server tells it."),
        S(&C::ha_heartbeat_ms, "haSendHeartbeatInterval", When::kLive,
          "ms of silence after which master and slave show that they are there.",
          Between{10, kHourMs}),
        S(&C::ha_silence_max_ms, "haHousekeepingInterval", When::kLive,
          "ms of the other's silence after which a copying connection is closed.",
          Between{20, kHourMs}),
        S(&C::ha_batch_bytes, "haTransferBatchSize", When::kStart,
          "Bytes of the log in one frame; a slave that makes itself known gets up to 1 MiB.",
          Between{1024, 4 * kMiB - 12}),
        S(&C::ha_flow_control, "haFlowControlEnable", When::kLive,
          "Limits what each slave is sent to maxHaTransferByteInSecond."),
        S(&C::ha_bytes_per_second, "maxHaTransferByteInSecond", When::kLive,
          "Bytes per second for each slave, with haFlowControlEnable.", Between{1024, 1LL << 40}),
        S(&C::in_sync_replicas, "inSyncReplicas", When::kLive,
          "SYNC_MASTER: brokers, this one too, that have a message when its send is answered.",
          Between{1, 60}),
        S(&C::min_in_sync_replicas, "minInSyncReplicas", When::kLive,
          "SYNC_MASTER: with fewer brokers in sync, this one too, sends are refused.",
          Between{1, 60}),
        S(&C::sync_master_waits, "syncMasterWaitsForSlave", When::kLive,
          "SYNC_MASTER waits for one slave although inSyncReplicas is 1, as RocketMQ 4 does; "
          "RocketMQ 5 does not."),
        S(&C::ha_ack_flushed, "haAckFlushed", When::kStart,
          "A slave reports what is on its disk; false: what it has received."),
        S(&C::ha_accept_partial_log, "haAcceptPartialLog", When::kStart,
          "An empty slave begins where its master begins to send, although older messages are "
          "missing then.")};
  }

  // Roles, ids and what holds between the settings above.
  Status CheckHa(std::int64_t broker_id) const;
};

}  // namespace comet::broker
