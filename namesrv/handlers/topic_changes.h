#pragma once

#include "namesrv/registry.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/delete_topic_route.h"
#include "remoting/wire/requests/register_topic.h"

namespace comet::namesrv {

// Forgets the route of a topic, of one cluster or of all. Brokers that still have the topic bring
// it back with their next changed registration.
class DeleteTopicRouteHandler {
 public:
  using Request = wire::DeleteTopicRoute;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit DeleteTopicRouteHandler(Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  Registry& registry_;
};

// A broker adds one topic without registering all of them again.
class RegisterTopicHandler {
 public:
  using Request = wire::RegisterTopic;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit RegisterTopicHandler(Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  Registry& registry_;
};

}  // namespace comet::namesrv
