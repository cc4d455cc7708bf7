#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/lock_queues.h"
#include "remoting/wire/requests/unlock_queues.h"

namespace comet::broker {

// An ordered consumer asks to be the only one on some queues.
class LockQueuesHandler {
 public:
  using Request = wire::LockQueues;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit LockQueuesHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// And gives them back.
class UnlockQueuesHandler {
 public:
  using Request = wire::UnlockQueues;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit UnlockQueuesHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
