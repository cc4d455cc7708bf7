#include "sdk/src/admin_client.h"

#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/json_writer.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/consume_directly.h"
#include "remoting/wire/requests/get_all_producers.h"
#include "remoting/wire/requests/get_consumer_running_info.h"
#include "remoting/wire/requests/get_producer_connections.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_topic.h"

namespace comet::client {

std::string RunningInfo::Property(std::string_view name) const {
  const auto at = properties.find(std::string(name));
  if (at == properties.end() || at->second.IsNull()) return "";
  if (const std::string* text = at->second.AsString()) return *text;
  std::string text;
  AppendJson(&text, at->second, JsonStyle::kFastjson);
  return text;
}

StatusOr<RunningInfo> GetRunningInfo(AdminCalls& calls, const wire::TopicRouteData& route,
                                     const std::string& group, const std::string& client_id,
                                     bool stacks) {
  wire::GetConsumerRunningInfo::Header header;
  header.consumer_group = group;
  header.client_id = client_id;
  header.stack = stacks;
  Status last(Status::Code::kNotFound, Concat("no broker of group ", group, " is there"));
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = AddressOf(broker);
    if (address.empty()) continue;
    auto answer = calls.Call<wire::GetConsumerRunningInfo>(address, header);
    if (answer.ok()) return ReadBody<RunningInfo>((*answer)->body, address);
    last = answer.TakeError();
  }
  return last;
}

StatusOr<DirectResult> ConsumeDirectly(AdminCalls& calls, const std::string& address,
                                       const DirectOrder& order) {
  wire::ConsumeDirectly::Header header;
  header.consumer_group = order.group;
  header.client_id = order.client_id;
  header.message_id = order.offset_id;
  header.topic = order.topic;
  COMET_ASSIGN(const auto answer, calls.Call<wire::ConsumeDirectly>(address, header));
  return ReadBody<DirectResult>(answer->body, address);
}

StatusOr<wire::ProducerConnection> GetProducerConnections(AdminCalls& calls,
                                                          const wire::TopicRouteData& route,
                                                          const std::string& group) {
  Status last(Status::Code::kNotFound, Concat("no broker knows producer group ", group));
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = AddressOf(broker);
    if (address.empty()) continue;
    auto answer = calls.Call<wire::GetProducerConnections>(address, {.producer_group = group});
    if (answer.ok()) return ReadBody<wire::ProducerConnection>((*answer)->body, address);
    last = answer.TakeError();
  }
  return last;
}

StatusOr<wire::ProducerTable> GetProducers(AdminCalls& calls, const std::string& address) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetAllProducers>(address, {}));
  return ReadBody<wire::ProducerTable>(answer->body, address);
}

}  // namespace comet::client
