#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "namesrv/broker_table.h"
#include "namesrv/namesrv_config.h"
#include "namesrv/route_table.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "remoting/wire/bodies/cluster_info.h"
#include "remoting/wire/bodies/topic_config.h"
#include "remoting/wire/bodies/topic_route.h"

namespace comet::namesrv {

// What a broker says of itself in REGISTER_BROKER, already checked (checks.h).
struct Registration {
  std::string cluster, name, address, ha_address, zone;
  std::int64_t id = 0;  // 0 is the master
  Duration timeout{};
  std::optional<bool> acting_master;  // absent: a broker too old to know of acting masters
  wire::TopicConfigTable topics;
  std::size_t topics_left_out = 0;  // that it named as well, and that are none
  std::optional<std::vector<std::string>> filter_servers;  // absent: as before
  net::ConnectionId connection;                            // over which it registered
};

// What a slave learns when it registers; empty for a master or while there is none.
struct MasterOfGroup {
  std::string address, ha_address;
};

// All that this name server knows of brokers and routes. Nothing of it is on disk: brokers tell
// it anew within one period. Any thread; readers do not wait for each other.
class Registry {
 public:
  // Both must outlive the registry.
  Registry(const Clock& clock, const Live<NamesrvConfig>& settings)
      : clock_(clock), settings_(settings) {}

  StatusOr<MasterOfGroup> Register(const Registration& broker);
  void Unregister(std::string_view cluster, std::string_view name, std::string_view address);
  void ConnectionClosed(net::ConnectionId connection);
  // Forgets whoever was silent longer than its timeout; returns their connections, to be closed.
  std::vector<net::ConnectionId> Expire();

  // A sign of life. Returns the version known of that broker, if it is known.
  std::optional<wire::DataVersion> Touch(std::string_view cluster, std::string_view name,
                                         std::string_view address);

  // Adds queues of one topic; without effect unless every broker named is known.
  void AddTopic(std::string_view topic, const std::vector<wire::QueueData>& queues);
  // Of that cluster's brokers only, or of all when `cluster` is empty.
  void DeleteTopic(std::string_view topic, std::string_view cluster);

  // Number of topics whose permission was set. Holds until the broker registers a change.
  std::int32_t WipeWritePerm(std::string_view broker);
  std::int32_t AddWritePerm(std::string_view broker);

  // Nothing when no live broker has the topic. Order configuration is not the registry's.
  std::optional<wire::TopicRouteData> Route(std::string_view topic) const;
  wire::ClusterInfo Clusters() const;
  // Empty when nobody of that name is known in the cluster.
  std::map<std::int64_t, std::string> Addresses(std::string_view cluster,
                                                std::string_view name) const;

  std::vector<std::string> Topics() const;
  std::vector<std::string> TopicsOfCluster(std::string_view cluster) const;
  // Topics whose flag bits under `mask` are `bits`.
  std::vector<std::string> TopicsWithFlags(std::int32_t mask, std::int32_t bits) const;

 private:
  void RemoveMembers(const std::function<bool(std::int64_t, const Member&)>& gone) REQUIRES(mutex_);
  void AfterRemoval(std::string_view name, BrokerTable::Left left) REQUIRES(mutex_);
  void UpdateTopics(const Registration& broker, bool everything, bool read_only) REQUIRES(mutex_);
  void PutMapping(std::string_view broker, const Json::Member& mapping) REQUIRES(mutex_);

  const Clock& clock_;
  const Live<NamesrvConfig>& settings_;
  mutable SharedMutex mutex_;
  BrokerTable brokers_ GUARDED_BY(mutex_);
  RouteTable routes_ GUARDED_BY(mutex_);
};

}  // namespace comet::namesrv
