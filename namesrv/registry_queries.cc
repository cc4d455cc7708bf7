// The reading half of Registry.
#include <algorithm>
#include <utility>

#include "namesrv/registry.h"
#include "remoting/wire/flags.h"

namespace comet::namesrv {
namespace {

// Topics through which old brokers learn of their group; they want the plain truth.
constexpr std::string_view kSyncMembersPrefix = "rmq_sys_SYNC_BROKER_MEMBER_";

wire::BrokerData ToBrokerData(const std::string& name, const BrokerGroup& group) {
  wire::BrokerData data;
  data.cluster = group.cluster;
  data.broker_name = name;
  data.acting_master = group.acting_master;
  if (!group.zone.empty()) data.zone = group.zone;
  for (const auto& [id, member] : group.members) data.addresses.emplace(id, member.address);
  return data;
}

bool IsWritable(const wire::TopicRouteData& route, const std::string& broker) {
  return std::any_of(route.queues.begin(), route.queues.end(), [&](const wire::QueueData& queues) {
    return queues.broker_name == broker && wire::perm::IsWritable(queues.perm);
  });
}

// Where the master is lost and nothing can be written, the slave with the smallest id answers to
// the master's: so consumers still find somebody for offsets and locks.
void ShowActingMasters(wire::TopicRouteData* route) {
  for (wire::BrokerData& broker : route->brokers) {
    if (!broker.acting_master || broker.addresses.empty() || broker.addresses.count(0) != 0)
      continue;
    if (IsWritable(*route, broker.broker_name)) continue;
    auto acting = broker.addresses.extract(broker.addresses.begin());
    acting.key() = 0;
    broker.addresses.insert(std::move(acting));
  }
}

}  // namespace

std::optional<wire::TopicRouteData> Registry::Route(std::string_view topic) const {
  ReaderLock lock(mutex_);
  const RouteTable::Brokers* brokers = routes_.Find(topic);
  if (brokers == nullptr) return std::nullopt;
  wire::TopicRouteData route;
  for (const auto& [name, queues] : *brokers) {
    route.queues.push_back(queues);
    const BrokerGroup* group = brokers_.Find(name);
    if (group == nullptr) continue;
    route.brokers.push_back(ToBrokerData(name, *group));
    for (const auto& [id, member] : group->members) {
      if (!member.filter_servers.empty())
        route.filter_servers[member.address] = member.filter_servers;
    }
  }
  if (route.brokers.empty()) return std::nullopt;
  route.queue_mappings = routes_.Mappings(topic);
  if (settings_.Get()->support_acting_master && !topic.starts_with(kSyncMembersPrefix)) {
    ShowActingMasters(&route);
  }
  return route;
}

wire::ClusterInfo Registry::Clusters() const {
  ReaderLock lock(mutex_);
  wire::ClusterInfo info;
  for (const auto& [name, group] : brokers_.groups()) {
    info.brokers.emplace(name, ToBrokerData(name, group));
  }
  info.clusters = brokers_.Clusters();
  return info;
}

std::map<std::int64_t, std::string> Registry::Addresses(std::string_view cluster,
                                                        std::string_view name) const {
  ReaderLock lock(mutex_);
  const BrokerGroup* group = brokers_.Find(name);
  if (group == nullptr || group->cluster != cluster) return {};
  return ToBrokerData(std::string(name), *group).addresses;
}

std::vector<std::string> Registry::Topics() const {
  ReaderLock lock(mutex_);
  return routes_.Topics([](const RouteTable::Brokers&) { return true; });
}

std::vector<std::string> Registry::TopicsOfCluster(std::string_view cluster) const {
  ReaderLock lock(mutex_);
  const auto clusters = brokers_.Clusters();
  const auto found = clusters.find(std::string(cluster));
  if (found == clusters.end()) return {};
  const auto& members = found->second;
  return routes_.Topics([&](const RouteTable::Brokers& brokers) {
    return std::any_of(brokers.begin(), brokers.end(),
                       [&](const auto& entry) { return members.contains(entry.first); });
  });
}

std::vector<std::string> Registry::TopicsWithFlags(std::int32_t mask, std::int32_t bits) const {
  ReaderLock lock(mutex_);
  return routes_.Topics([&](const RouteTable::Brokers& brokers) {
    return (brokers.begin()->second.topic_sys_flag & mask) == bits;
  });
}

}  // namespace comet::namesrv
