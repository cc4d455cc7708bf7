#pragma once

#include <utility>

#include "namesrv/registry.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/broker_heartbeat.h"

namespace comet::namesrv {

// A broker says that it lives. Answered alike when it is unknown: its next registration tells.
class BrokerHeartbeatHandler {
 public:
  using Request = wire::BrokerHeartbeat;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit BrokerHeartbeatHandler(Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& header, const net::RequestContext& /*request*/,
              net::Responder reply) {
    registry_.Touch(header.cluster_name, header.broker_name, header.broker_addr);
    std::move(reply).Plain({});
  }

 private:
  Registry& registry_;
};

}  // namespace comet::namesrv
