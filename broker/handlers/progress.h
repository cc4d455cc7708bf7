#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_broker_consume_stats.h"
#include "remoting/wire/requests/get_consume_stats.h"
#include "remoting/wire/requests/get_topic_stats.h"
#include "remoting/wire/requests/query_group_topics.h"
#include "remoting/wire/requests/query_topic_groups.h"

namespace comet::broker {

// How far topics and groups are. On the worker: times of messages are read from the log.

// Bounds of every queue of a topic.
class GetTopicStatsHandler {
 public:
  using Request = wire::GetTopicStats;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetTopicStatsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Progress of a group in each queue of its topics.
class GetConsumeStatsHandler {
 public:
  using Request = wire::GetConsumeStats;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetConsumeStatsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// The same for all groups of the broker.
class GetBrokerConsumeStatsHandler {
 public:
  using Request = wire::GetBrokerConsumeStats;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetBrokerConsumeStatsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// The groups that consume a topic: those online, and those with offsets.
class QueryTopicGroupsHandler {
 public:
  using Request = wire::QueryTopicGroups;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit QueryTopicGroupsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// The topics a group has offsets of.
class QueryGroupTopicsHandler {
 public:
  using Request = wire::QueryGroupTopics;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit QueryGroupTopicsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
