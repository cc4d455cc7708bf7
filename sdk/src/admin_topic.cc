#include "sdk/src/admin_topic.h"

#include <algorithm>
#include <map>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/names.h"
#include "remoting/wire/requests/delete_kv_config.h"
#include "remoting/wire/requests/delete_topic.h"
#include "remoting/wire/requests/delete_topic_route.h"
#include "remoting/wire/requests/get_all_topic_config.h"
#include "remoting/wire/requests/get_all_topics.h"
#include "remoting/wire/requests/get_kv_config.h"
#include "remoting/wire/requests/get_route.h"
#include "remoting/wire/requests/get_topic_config.h"
#include "remoting/wire/requests/get_topic_stats.h"
#include "remoting/wire/requests/put_kv_config.h"
#include "remoting/wire/requests/update_topic.h"
#include "remoting/wire/requests/update_topic_list.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/admin_cluster.h"

namespace comet::client {
namespace {

std::string AttributesText(const std::map<std::string, std::string>& attributes) {
  std::string text;
  for (const auto& [key, value] : attributes) {
    if (!text.empty()) text += ',';
    text += key;
    if (!key.starts_with('-')) text += Concat("=", value);
  }
  return text;
}

std::map<std::string, std::string> ParseOrderConf(std::string_view conf) {
  std::map<std::string, std::string> shares;
  while (!conf.empty()) {
    const std::string_view part = conf.substr(0, conf.find(';'));
    const std::size_t colon = part.find(':');
    if (colon != std::string_view::npos) {
      shares[std::string(part.substr(0, colon))] = part.substr(colon + 1);
    }
    conf.remove_prefix(std::min(conf.size(), part.size() + 1));
  }
  return shares;
}

}  // namespace

StatusOr<std::vector<std::string>> GetTopics(AdminCalls& calls) {
  COMET_ASSIGN(const auto answer, calls.CallNamesrv<wire::GetAllTopics>({}));
  COMET_ASSIGN(wire::TopicList list, ReadBody<wire::TopicList>(answer->body, "name server"));
  std::sort(list.topics.begin(), list.topics.end());
  return std::move(list.topics);
}

StatusOr<wire::TopicRouteData> GetRoute(AdminCalls& calls, const std::string& topic) {
  wire::GetRoute::Header header;
  header.topic = topic;
  COMET_ASSIGN(const auto answer, calls.CallNamesrv<wire::GetRoute>(header));
  return ReadBody<wire::TopicRouteData>(answer->body, "name server");
}

std::string AddressOf(const wire::BrokerData& broker) {
  return broker.addresses.empty() ? "" : broker.addresses.begin()->second;
}

StatusOr<std::string> AddressOf(const wire::TopicRouteData& route, const std::string& broker_name) {
  for (const wire::BrokerData& broker : route.brokers) {
    if (broker.broker_name == broker_name && !broker.addresses.empty()) return AddressOf(broker);
  }
  return Status(Status::Code::kNotFound, Concat("the topic has no broker ", broker_name));
}

StatusOr<wire::TopicStatsTable> GetTopicStats(AdminCalls& calls, const wire::TopicRouteData& route,
                                              const std::string& topic) {
  wire::TopicStatsTable all;
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = AddressOf(broker);
    if (address.empty()) continue;
    COMET_ASSIGN(const auto answer, calls.Call<wire::GetTopicStats>(address, {.topic = topic}));
    COMET_ASSIGN(wire::TopicStatsTable part,
                 ReadBody<wire::TopicStatsTable>(answer->body, address));
    all.offsets.merge(part.offsets);
    all.put_tps += part.put_tps;
  }
  if (all.offsets.empty()) {
    return Status(Status::Code::kNotFound, Concat("no broker has offsets of topic ", topic));
  }
  return all;
}

StatusOr<wire::TopicConfigTable> GetTopicConfigs(AdminCalls& calls, const std::string& address) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetAllTopicConfig>(address, {}));
  return ReadBody<wire::TopicConfigTable>(answer->body, address);
}

StatusOr<std::optional<wire::TopicConfig>> GetTopicConfig(AdminCalls& calls,
                                                          const std::string& address,
                                                          const std::string& topic) {
  COMET_ASSIGN(const auto answer, calls.Ask<wire::GetTopicConfig>(address, {topic, {}}));
  if (answer->ok()) {
    COMET_ASSIGN(wire::TopicConfig config, ReadBody<wire::TopicConfig>(answer->body, address));
    return std::optional(std::move(config));
  }
  if (answer->code == wire::ResponseCode::kTopicNotExist) return std::optional<wire::TopicConfig>();
  if (answer->code != wire::ResponseCode::kRequestCodeNotSupported) {
    return ErrorOfAnswer(address, answer->code, answer->remark);
  }
  // Brokers before 4.9.4 only give all.
  COMET_ASSIGN(const wire::TopicConfigTable all, GetTopicConfigs(calls, address));
  const auto at = all.topics.find(topic);
  if (at == all.topics.end()) return std::optional<wire::TopicConfig>();
  return std::optional(at->second);
}

Status UpdateTopic(AdminCalls& calls, const std::string& address, const wire::TopicConfig& config) {
  const std::string attributes = AttributesText(config.attributes);
  wire::UpdateTopic::Header header;
  header.topic = config.name;
  header.default_topic = wire::kAutoCreateTopic;
  header.read_queues = config.read_queues;
  header.write_queues = config.write_queues;
  header.perm = config.perm;
  header.filter_type = EnumName(config.filter_type);
  header.topic_sys_flag = config.sys_flag;
  header.order = config.order;
  header.attributes = attributes;
  header.force = false;
  auto answer = calls.Call<wire::UpdateTopic>(address, header);
  return answer.ok() ? Status() : answer.TakeError();
}

Status UpdateTopics(AdminCalls& calls, const std::string& address,
                    const std::vector<wire::TopicConfig>& configs) {
  auto answer =
      calls.Call<wire::UpdateTopicList>(address, {}, ToJson(wire::TopicConfigList{configs}));
  return answer.ok() ? Status() : answer.TakeError();
}

Status DeleteTopic(AdminCalls& calls, const std::string& address, const std::string& topic) {
  auto answer = calls.Call<wire::DeleteTopic>(address, {.topic = topic});
  return answer.ok() ? Status() : answer.TakeError();
}

Status DeleteTopicRoute(AdminCalls& calls, const std::string& topic, const std::string& cluster) {
  COMET_TRY(
      calls.CallEveryNamesrv<wire::DeleteTopicRoute>({.topic = topic, .cluster_name = cluster}));
  wire::DeleteKvConfig::Header header;
  header.ns = wire::kOrderTopicNamespace;
  header.key = topic;
  return calls.CallEveryNamesrv<wire::DeleteKvConfig>(header);
}

Status SetOrderConf(AdminCalls& calls, const std::string& topic, const std::string& conf) {
  wire::PutKvConfig::Header header;
  header.ns = wire::kOrderTopicNamespace;
  header.key = topic;
  header.value = conf;
  return calls.CallEveryNamesrv<wire::PutKvConfig>(header);
}

StatusOr<std::string> GetOrderConf(AdminCalls& calls, const std::string& topic) {
  auto answer =
      calls.CallNamesrv<wire::GetKvConfig>({.ns = wire::kOrderTopicNamespace, .key = topic});
  if (answer.ok()) return std::string((*answer)->reply.value.value_or(""));
  if (answer.error().code() == Status::Code::kNotFound) return std::string();
  return answer.TakeError();
}

std::string OrderConfWith(std::string_view conf,
                          const std::map<std::string, std::int32_t>& queues) {
  std::map<std::string, std::string> shares = ParseOrderConf(conf);
  for (const auto& [broker, count] : queues) shares[broker] = Concat(count);
  std::string text;
  for (const auto& [name, share] : shares) {
    text += Concat(text.empty() ? "" : ";", name, ":", share);
  }
  return text;
}

}  // namespace comet::client
