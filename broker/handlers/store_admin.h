#pragma once

#include <utility>

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/clean_expired_queues.h"
#include "remoting/wire/requests/clean_unused_topics.h"
#include "remoting/wire/requests/delete_expired_log.h"
#include "remoting/wire/requests/query_consume_queue.h"

namespace comet::broker {

// The store as operators see and tend it.

class QueryConsumeQueueHandler {
 public:
  using Request = wire::QueryConsumeQueue;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit QueryConsumeQueueHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Deletes the queues of topics that are not there any more.
class CleanUnusedTopicsHandler {
 public:
  using Request = wire::CleanUnusedTopics;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit CleanUnusedTopicsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Queues follow the log by themselves, every time its files are deleted: nothing is left to do.
class CleanExpiredQueuesHandler {
 public:
  using Request = wire::CleanExpiredQueues;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  void Handle(const Request::Header& /*header*/, const net::RequestContext& /*request*/,
              net::Responder&& reply) {
    std::move(reply).Plain({});
  }
};

// Deletes expired files of the log, whatever the hour.
class DeleteExpiredLogHandler {
 public:
  using Request = wire::DeleteExpiredLog;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit DeleteExpiredLogHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
