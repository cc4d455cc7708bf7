#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/topic_route.h"

namespace comet::wire {

// All brokers a name server knows: the answer to GET_BROKER_CLUSTER_INFO.
struct ClusterInfo {
  std::map<std::string, BrokerData> brokers;              // by group name
  std::map<std::string, std::set<std::string>> clusters;  // cluster -> group names

  static constexpr auto Fields() {
    using B = ClusterInfo;
    return Declaration{
        F(&B::brokers, "brokerAddrTable", Need::kOptional, "Broker groups by name."),
        F(&B::clusters, "clusterAddrTable", Need::kOptional, "Group names by cluster.")};
  }
};

struct BrokerMembers {
  std::string cluster;
  std::string broker_name;
  std::map<std::int64_t, std::string> addresses;

  static constexpr auto Fields() {
    using B = BrokerMembers;
    return Declaration{
        F(&B::cluster, "cluster", Need::kOptional, "Cluster."),
        F(&B::broker_name, "brokerName", Need::kOptional, "Name of the broker group."),
        F(&B::addresses, "brokerAddrs", Need::kOptional, "Addresses by broker id.")};
  }
};

// The answer to GET_BROKER_MEMBER_GROUP.
struct BrokerMemberGroup {
  BrokerMembers members;

  static constexpr auto Fields() {
    return Declaration{
        F(&BrokerMemberGroup::members, "brokerMemberGroup", Need::kOptional, "The group.")};
  }
};

}  // namespace comet::wire
