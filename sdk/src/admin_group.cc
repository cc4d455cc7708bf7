#include "sdk/src/admin_group.h"

#include <set>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/names.h"
#include "remoting/wire/requests/delete_group.h"
#include "remoting/wire/requests/get_all_groups.h"
#include "remoting/wire/requests/get_consume_stats.h"
#include "remoting/wire/requests/get_consumer_connections.h"
#include "remoting/wire/requests/get_consumer_running_info.h"
#include "remoting/wire/requests/query_topic_groups.h"
#include "remoting/wire/requests/update_group.h"
#include "remoting/wire/requests/update_group_list.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_topic.h"

namespace comet::client {
namespace {

// Of what a client tells of itself: the queues it holds.
struct QueuesHeld {
  std::map<wire::MessageQueue, Json> queues;

  static constexpr auto Fields() {
    return Declaration{F(&QueuesHeld::queues, "mqTable", Need::kOptional, "Queues held.")};
  }
};

}  // namespace

StatusOr<wire::TopicRouteData> GetRouteOfGroup(AdminCalls& calls, const std::string& group,
                                               const std::string& topic) {
  auto route = GetRoute(calls, wire::RetryTopicOf(group));
  if (route.ok() || route.error().code() != Status::Code::kNotFound) return route;
  if (!topic.empty()) return GetRoute(calls, topic);
  COMET_ASSIGN(const wire::ClusterInfo cluster, GetCluster(calls));
  wire::TopicRouteData everywhere;
  for (const auto& [name, broker] : cluster.brokers) everywhere.brokers.push_back(broker);
  return everywhere;
}

Status UpdateGroup(AdminCalls& calls, const std::string& address,
                   const wire::SubscriptionGroupConfig& config) {
  auto answer = calls.Call<wire::UpdateGroup>(address, {}, ToJson(config));
  return answer.ok() ? Status() : answer.TakeError();
}

Status UpdateGroups(AdminCalls& calls, const std::string& address,
                    const wire::SubscriptionGroupList& groups) {
  auto answer = calls.Call<wire::UpdateGroupList>(address, {}, ToJson(groups));
  return answer.ok() ? Status() : answer.TakeError();
}

Status DeleteGroup(AdminCalls& calls, const std::string& address, const std::string& group,
                   bool offsets) {
  auto answer = calls.Call<wire::DeleteGroup>(address, {.group = group, .clean_offset = offsets});
  return answer.ok() ? Status() : answer.TakeError();
}

StatusOr<std::map<std::string, wire::SubscriptionGroupConfig>> GetGroups(
    AdminCalls& calls, const std::string& address) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetAllGroups>(address, {}));
  COMET_ASSIGN(auto table, ReadBody<wire::SubscriptionGroupTable>(answer->body, address));
  return std::move(table.groups);
}

StatusOr<std::vector<std::string>> GetGroupsOfTopic(AdminCalls& calls,
                                                    const wire::TopicRouteData& route,
                                                    const std::string& topic) {
  std::set<std::string> groups;
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = AddressOf(broker);
    if (address.empty()) continue;
    COMET_ASSIGN(const auto answer, calls.Call<wire::QueryTopicGroups>(address, {.topic = topic}));
    COMET_ASSIGN(const wire::GroupList list, ReadBody<wire::GroupList>(answer->body, address));
    groups.insert(list.groups.begin(), list.groups.end());
  }
  return std::vector<std::string>(groups.begin(), groups.end());
}

StatusOr<wire::ConsumeStats> GetConsumeStats(AdminCalls& calls, const std::string& group,
                                             const std::string& topic) {
  COMET_ASSIGN(const wire::TopicRouteData route, GetRouteOfGroup(calls, group, topic));
  wire::ConsumeStats all;
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = AddressOf(broker);
    if (address.empty()) continue;
    wire::GetConsumeStats::Header header;
    header.consumer_group = group;
    header.topic = topic;
    COMET_ASSIGN(const auto answer, calls.Call<wire::GetConsumeStats>(address, header));
    COMET_ASSIGN(wire::ConsumeStats part, ReadBody<wire::ConsumeStats>(answer->body, address));
    all.offsets.merge(part.offsets);
    all.tps += part.tps;
  }
  return all;
}

StatusOr<wire::ConsumerConnection> GetConsumerConnections(AdminCalls& calls,
                                                          const std::string& group) {
  COMET_ASSIGN(const wire::TopicRouteData route, GetRouteOfGroup(calls, group, ""));
  Status last(Status::Code::kNotFound, Concat("no broker knows group ", group));
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = AddressOf(broker);
    if (address.empty()) continue;
    auto known = GetConsumerConnectionsAt(calls, address, group);
    if (known.ok()) return known;
    last = known.TakeError();
  }
  return last;
}

StatusOr<wire::ConsumerConnection> GetConsumerConnectionsAt(AdminCalls& calls,
                                                            const std::string& address,
                                                            const std::string& group) {
  COMET_ASSIGN(const auto answer,
               calls.Call<wire::GetConsumerConnections>(address, {.consumer_group = group}));
  return ReadBody<wire::ConsumerConnection>(answer->body, address);
}

StatusOr<std::map<wire::MessageQueue, std::string>> GetQueueOwners(AdminCalls& calls,
                                                                   const std::string& group) {
  COMET_ASSIGN(const wire::TopicRouteData route, GetRouteOfGroup(calls, group, ""));
  COMET_ASSIGN(const wire::ConsumerConnection clients, GetConsumerConnections(calls, group));
  std::map<wire::MessageQueue, std::string> owners;
  for (const wire::Connection& client : clients.connections) {
    wire::GetConsumerRunningInfo::Header header;
    header.consumer_group = group;
    header.client_id = client.client_id;
    for (const wire::BrokerData& broker : route.brokers) {
      const std::string address = AddressOf(broker);
      const auto answer = calls.Call<wire::GetConsumerRunningInfo>(address, header);
      if (!answer.ok()) continue;  // not connected to this broker
      COMET_ASSIGN(const QueuesHeld held, ReadBody<QueuesHeld>((*answer)->body, address));
      for (const auto& [queue, state] : held.queues) owners[queue] = client.client_id;
      break;
    }
  }
  return owners;
}

}  // namespace comet::client
