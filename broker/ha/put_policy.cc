#include "broker/ha/put_policy.h"

#include <algorithm>

namespace comet::broker {

store::AckPolicy PutPolicy(const BrokerConfig& config, const store::StoreConfig& store, bool wait) {
  if (!wait) return {};
  store::AckPolicy policy{.flushed = store.sync_flush(), .replicas = 0};
  if (config.is_sync_master()) {
    const auto least = config.sync_master_waits ? 1 : 0;
    policy.replicas = static_cast<std::uint8_t>(std::max(config.in_sync_replicas - 1, least));
  }
  return policy;
}

std::optional<Refused> TooFewInSync(const BrokerConfig& config, const store::ReplicaSet& replicas,
                                    bool wait) {
  if (!wait || !config.is_sync_master() || config.min_in_sync_replicas <= 1) return std::nullopt;
  if (replicas.in_sync() + 1 >= config.min_in_sync_replicas) return std::nullopt;
  return Refused{ResponseCode::kSystemError, "in-sync replicas not enough"};
}

}  // namespace comet::broker
