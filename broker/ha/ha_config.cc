#include "broker/ha/ha_config.h"

#include "broker/namesrv_list.h"
#include "remoting/base/config_file.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

Status CheckRole(BrokerRole role, std::int64_t broker_id) {
  if (role == BrokerRole::kSlave) {
    if (broker_id > 0) return {};
    return NotAllowed("brokerRole", "SLAVE",
                      "ASYNC_MASTER and SYNC_MASTER with brokerId=0; slaves have 1 and up");
  }
  if (broker_id == 0) return {};
  return NotAllowed("brokerId", Concat(broker_id),
                    "0, the id of a master; with brokerRole=SLAVE 1 and up");
}

}  // namespace

Status HaConfig::CheckHa(std::int64_t broker_id) const {
  COMET_TRY(CheckRole(role, broker_id));
  if (const auto status = CheckAddresses(ha_master_address); !status.ok()) {
    return NotAllowed("haMasterAddress", ha_master_address,
                      Concat("host:port, and ", status.message()));
  }
  if (ha_silence_max_ms <= ha_heartbeat_ms) {
    return NotAllowed("haHousekeepingInterval", Concat(ha_silence_max_ms),
                      Concat("more than haSendHeartbeatInterval, which is ", ha_heartbeat_ms));
  }
  return {};
}

}  // namespace comet::broker
