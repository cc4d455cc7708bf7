#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_broker_config.h"
#include "remoting/wire/requests/update_broker_config.h"

namespace comet::broker {

// The settings as sorted key=value lines.
class GetBrokerConfigHandler {
 public:
  using Request = wire::GetBrokerConfig;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetBrokerConfigHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Changes settings, all lines of the request or none. The remark of a success says which keys
// apply now, which after the next start, and which have no meaning here.
class UpdateBrokerConfigHandler {
 public:
  using Request = wire::UpdateBrokerConfig;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit UpdateBrokerConfigHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
