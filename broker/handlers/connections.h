#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_all_producers.h"
#include "remoting/wire/requests/get_consumer_connections.h"
#include "remoting/wire/requests/get_producer_connections.h"
#include "remoting/wire/requests/query_subscription.h"

namespace comet::broker {

// Who is connected. On the worker, because groups may be large.

class GetConsumerConnectionsHandler {
 public:
  using Request = wire::GetConsumerConnections;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetConsumerConnectionsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class GetProducerConnectionsHandler {
 public:
  using Request = wire::GetProducerConnections;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetProducerConnectionsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class GetAllProducersHandler {
 public:
  using Request = wire::GetAllProducers;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetAllProducersHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class QuerySubscriptionHandler {
 public:
  using Request = wire::QuerySubscription;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit QuerySubscriptionHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
