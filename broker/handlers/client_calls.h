#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/consume_directly.h"
#include "remoting/wire/requests/get_consumer_running_info.h"
#include "remoting/wire/requests/get_consumer_status.h"

namespace comet::broker {

// Questions that a client must answer: asked there, the answer passed on.

class GetConsumerRunningInfoHandler {
 public:
  using Request = wire::GetConsumerRunningInfo;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetConsumerRunningInfoHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class ConsumeDirectlyHandler {
 public:
  using Request = wire::ConsumeDirectly;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit ConsumeDirectlyHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Where the members of a group are in a topic, by their own account. Who does not answer in time
// or does not know the question is left out.
class GetConsumerStatusHandler {
 public:
  using Request = wire::GetConsumerStatus;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetConsumerStatusHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
