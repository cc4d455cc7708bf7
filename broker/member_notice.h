#pragma once

#include <optional>

#include "broker/broker_config.h"
#include "broker/client_table.h"
#include "broker/group_table.h"
#include "remoting/base/describe_config.h"
#include "remoting/net/loop_group.h"

namespace comet::broker {

// Tells the members of a consumer group that one came or went, so that they share out the queues
// anew. Any thread.
class MemberNotice {
 public:
  MemberNotice(net::LoopGroup& loops, const GroupTable& groups, Live<BrokerConfig>& config)
      : loops_(loops), groups_(groups), config_(config) {}

  void Send(const ClientTable::GroupChange& change);
  void Send(const std::optional<ClientTable::GroupChange>& change) {
    if (change) Send(*change);
  }
  void Send(const ClientTable::Changes& changes) {
    for (const auto& change : changes) Send(change);
  }

 private:
  net::LoopGroup& loops_;
  const GroupTable& groups_;
  Live<BrokerConfig>& config_;
};

}  // namespace comet::broker
