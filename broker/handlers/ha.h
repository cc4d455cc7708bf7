#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/attach_replica.h"
#include "remoting/wire/requests/get_broker_ha_status.h"

namespace comet::broker {

// A slave that is about to copy this log. An error is what its operator reads.
class AttachReplicaHandler {
 public:
  using Request = wire::AttachReplica;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit AttachReplicaHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Status Check(const Request::Header& header) const;
  void Refuse(std::string address, std::int64_t broker_id, const Status& why,
              net::Responder&& reply);

  Context& context_;
};

class GetBrokerHaStatusHandler {
 public:
  using Request = wire::GetBrokerHaStatus;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetBrokerHaStatusHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
