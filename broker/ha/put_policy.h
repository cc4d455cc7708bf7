#pragma once

#include <optional>

#include "broker/broker_config.h"
#include "broker/status_to_code.h"
#include "store/ack.h"
#include "store/store.h"

namespace comet::broker {

// What an append waits for before anybody hears of it: one rule for messages that are sent, sent
// back or due. `wait`: the property WAIT is not false.
store::AckPolicy PutPolicy(const BrokerConfig& config, const store::StoreConfig& store, bool wait);

// Why nothing may be appended that would wait by that rule: a SYNC_MASTER with fewer brokers in
// sync than minInSyncReplicas.
std::optional<Refused> TooFewInSync(const BrokerConfig& config, const store::ReplicaSet& replicas,
                                    bool wait);

}  // namespace comet::broker
