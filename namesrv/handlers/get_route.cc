#include "namesrv/handlers/get_route.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>

#include "namesrv/limits.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {
namespace {

constexpr std::int32_t kFirstStrictVersion = 401;  // 4.9.4

bool WantsStrictJson(const GetRouteHandler::Request::Header& header,
                     const net::RequestContext& request) {
  return header.standard_json.value_or(false) || request.head.version >= kFirstStrictVersion;
}

// A client that says where it is, and wants it so, sees only the brokers of its zone. Brokers
// without a zone, and those whose master is lost, are everybody's.
void KeepZone(std::string_view zone, wire::TopicRouteData* route) {
  std::set<std::string> hidden;
  std::erase_if(route->brokers, [&](const wire::BrokerData& broker) {
    const bool hide = broker.zone && *broker.zone != zone && broker.addresses.count(0) != 0;
    if (hide) hidden.insert(broker.broker_name);
    return hide;
  });
  std::erase_if(route->queues, [&](const wire::QueueData& queues) {
    return hidden.count(queues.broker_name) != 0;
  });
}

void ApplyZoneMode(const net::RequestContext& request, wire::TopicRouteData* route) {
  const auto mode = request.head.ext.Find("__ZONE_MODE");
  const auto zone = request.head.ext.Find("__ZONE_NAME");
  if (mode && zone && *mode == "true" && !zone->empty()) KeepZone(*zone, route);
}

}  // namespace

bool GetRouteHandler::IsReady(const NamesrvConfig& settings) const {
  return !settings.wait_for_service ||
         clock_.Now() - start_ >= std::chrono::seconds(settings.wait_for_service_s);
}

void GetRouteHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                             net::Responder reply) {
  const auto settings = settings_.Get();
  if (!IsReady(*settings)) {
    return std::move(reply).Fail(wire::ResponseCode::kSystemError, "name server not ready");
  }
  const std::string_view topic = header.topic.value_or("null");
  auto route = registry_.Route(topic);
  if (!route) {
    return std::move(reply).Fail(wire::ResponseCode::kTopicNotExist,
                                 Concat("No topic route info in name server for the topic: ",
                                        topic.substr(0, kNameBytesMax), wire::kFaqSuffix));
  }
  if (settings->order_message) {
    route->order_conf = kv_.Get(wire::kOrderTopicNamespace, topic);
  }
  ApplyZoneMode(request, &*route);
  const JsonStyle style =
      WantsStrictJson(header, request) ? JsonStyle::kStrict : JsonStyle::kFastjson;
  std::move(reply).Plain({}, ToJson(*route, style));
}

}  // namespace comet::namesrv
