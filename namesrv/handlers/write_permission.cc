#include "namesrv/handlers/write_permission.h"

#include <utility>

#include "namesrv/checks.h"
#include "remoting/base/log.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {

void WipeWritePermissionHandler::Handle(const Request::Header& header,
                                        const net::RequestContext& request, net::Responder reply) {
  if (Status legal = CheckName("brokerName", header.broker_name); !legal.ok()) {
    return std::move(reply).Fail(wire::ResponseCode::kInvalidParameter, legal.message());
  }
  const std::int32_t topics = registry_.WipeWritePerm(header.broker_name);
  LOG_INFO << request.peer.text << " took writing from " << topics << " topics of "
           << header.broker_name;
  std::move(reply).Ok<Request>({.topics = topics});
}

void AddWritePermissionHandler::Handle(const Request::Header& header,
                                       const net::RequestContext& request, net::Responder reply) {
  if (Status legal = CheckName("brokerName", header.broker_name); !legal.ok()) {
    return std::move(reply).Fail(wire::ResponseCode::kInvalidParameter, legal.message());
  }
  const std::int32_t topics = registry_.AddWritePerm(header.broker_name);
  LOG_INFO << request.peer.text << " gave writing to " << topics << " topics of "
           << header.broker_name;
  std::move(reply).Ok<Request>({.topics = topics});
}

}  // namespace comet::namesrv
