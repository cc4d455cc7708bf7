#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/query_consume_time_span.h"
#include "remoting/wire/requests/query_correction_offset.h"

namespace comet::broker {

// How far groups are in a topic: in time, and compared with each other.

class QueryConsumeTimeSpanHandler {
 public:
  using Request = wire::QueryConsumeTimeSpan;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit QueryConsumeTimeSpanHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// For each queue in which the compared group has an offset: the least offset of all groups whose
// messages are still there, or the largest number when that is beyond the compared group's.
class QueryCorrectionOffsetHandler {
 public:
  using Request = wire::QueryCorrectionOffset;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit QueryCorrectionOffsetHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
