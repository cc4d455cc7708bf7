#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/view_message.h"

namespace comet::broker {

// Messages by key, through the key index.
class QueryMessageHandler {
 public:
  using Request = wire::QueryMessage;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit QueryMessageHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  static constexpr std::int32_t kMessagesMax = 64;

  Context& context_;
};

// One record by its place in the log, which is what an offset message id names.
class ViewMessageHandler {
 public:
  using Request = wire::ViewMessage;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit ViewMessageHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
