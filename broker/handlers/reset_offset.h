#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "remoting/wire/requests/reset_offset.h"

namespace comet::broker {

// Moves a group in a topic. As a rule the reset waits here for the group's next pull of each queue,
// so it works for groups that are offline, too, and whatever the client. With
// useServerSideResetOffset=false the clients that are connected are told, as 4.x does it, and the
// broker's offsets stay until they commit the new ones.
class ResetOffsetHandler {
 public:
  using Request = wire::ResetOffset;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit ResetOffsetHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  void TellClients(const Request::Header& header, wire::ResetOffsetBody targets,
                   net::Responder reply);

  Context& context_;
};

}  // namespace comet::broker
