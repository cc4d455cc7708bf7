#include "namesrv/handlers/topic_changes.h"

#include <utility>

#include "namesrv/checks.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {

void DeleteTopicRouteHandler::Handle(const Request::Header& header,
                                     const net::RequestContext& request, net::Responder reply) {
  const Status legal = CheckTopic(header.topic);
  if (!legal.ok()) {
    return std::move(reply).Fail(wire::ResponseCode::kInvalidParameter, legal.message());
  }
  registry_.DeleteTopic(header.topic, header.cluster_name);
  LOG_INFO << request.peer.text << " deleted the route of topic " << header.topic;
  std::move(reply).Plain({});
}

void RegisterTopicHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                  net::Responder reply) {
  Status status = CheckTopic(header.topic);
  if (!status.ok()) {
    return std::move(reply).Fail(wire::ResponseCode::kInvalidParameter, status.message());
  }
  const auto route = FromJson<wire::TopicRouteData>(request.body);
  if (!route.ok()) {
    return std::move(reply).Fail(wire::ResponseCode::kInvalidParameter, route.error().message());
  }
  registry_.AddTopic(header.topic, route->queues);
  std::move(reply).Plain({});
}

}  // namespace comet::namesrv
