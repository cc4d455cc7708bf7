#pragma once

#include "namesrv/registry.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/unregister_broker.h"

namespace comet::namesrv {

// A broker leaves: its routes are gone before the answer.
class UnregisterBrokerHandler {
 public:
  using Request = wire::UnregisterBroker;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit UnregisterBrokerHandler(Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& header, const net::RequestContext& /*request*/,
              net::Responder reply) {
    registry_.Unregister(header.cluster_name, header.broker_name, header.broker_addr);
    std::move(reply).Plain({});
  }

 private:
  Registry& registry_;
};

}  // namespace comet::namesrv
