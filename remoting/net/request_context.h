#pragma once

#include <string_view>

#include "remoting/net/connection_id.h"
#include "remoting/net/endpoint.h"
#include "remoting/wire/header.h"

namespace comet::net {

// What a handler may want to know of a request besides its decoded header. Everything is
// borrowed and ends with the call to the handler, except `connection`, which is a value.
struct RequestContext {
  const wire::Head& head;   // code, language, version, opaque, flag, all ext fields
  std::string_view body;    // empty when there is none
  ConnectionId connection;  // to call the client back later; connection.loop names the loop
  const Endpoint& peer;
  const Endpoint& local;  // which of our addresses the peer has dialled
};

}  // namespace comet::net
