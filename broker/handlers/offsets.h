#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_earliest_store_time.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/get_min_offset.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/search_offset.h"
#include "remoting/wire/requests/update_consumer_offset.h"

namespace comet::broker {

// What a group has committed.
class QueryOffsetHandler {
 public:
  using Request = wire::QueryConsumerOffset;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit QueryOffsetHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Commits an offset.
class UpdateOffsetHandler {
 public:
  using Request = wire::UpdateConsumerOffset;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit UpdateOffsetHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// The bounds of a queue. Unknown queues have none: 0, as Apache's broker says.
class MaxOffsetHandler {
 public:
  using Request = wire::GetMaxOffset;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit MaxOffsetHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class MinOffsetHandler {
 public:
  using Request = wire::GetMinOffset;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit MinOffsetHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Offsets and times read records, which may be on the disk only: these run on the worker.
class SearchOffsetHandler {
 public:
  using Request = wire::SearchOffset;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit SearchOffsetHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class EarliestTimeHandler {
 public:
  using Request = wire::GetEarliestStoreTime;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit EarliestTimeHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
