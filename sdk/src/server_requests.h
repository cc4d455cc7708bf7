#pragma once

#include <string>

#include "remoting/net/router.h"
#include "remoting/wire/requests/consume_directly.h"
#include "remoting/wire/requests/get_client_status.h"
#include "remoting/wire/requests/get_consumer_running_info.h"
#include "remoting/wire/requests/notify_consumers_changed.h"
#include "remoting/wire/requests/reset_client_offset.h"
#include "sdk/src/client_groups.h"

namespace comet::client {

// What brokers ask of a client, passed on to the consumer of the group. Runs on loops.
class ServerRequests {
 public:
  ServerRequests(const ClientGroups& groups, std::string name_space);

  const net::Router& router() const { return router_; }

 private:
  template <class R>
  struct HandlerOf {
    using Request = R;
    static constexpr net::Lane kLane = net::Lane::kLoop;
    void Handle(const typename R::Header& header, const net::RequestContext& request,
                net::Responder&& reply);
    const ClientGroups& groups;
    const std::string& name_space;
  };

  const std::string name_space_;
  HandlerOf<wire::NotifyConsumersChanged> changed_;
  HandlerOf<wire::ResetClientOffset> reset_;
  HandlerOf<wire::GetClientStatus> status_;
  HandlerOf<wire::GetConsumerRunningInfo> running_info_;
  HandlerOf<wire::ConsumeDirectly> consume_;
  net::Router router_;
};

}  // namespace comet::client
