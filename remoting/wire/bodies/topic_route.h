#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/base/json.h"

namespace comet::wire {

// What a broker group has of a topic.
struct QueueData {
  std::string broker_name;
  std::int32_t read_queues = 0;
  std::int32_t write_queues = 0;
  std::int32_t perm = 0;
  std::int32_t topic_sys_flag = 0;

  bool operator==(const QueueData&) const = default;

  static constexpr auto Fields() {
    using B = QueueData;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::broker_name, "brokerName", Need::kRequired, "Name of the broker group."),
        F(&B::read_queues, "readQueueNums", kNo, "Queues consumers read."),
        F(&B::write_queues, "writeQueueNums", kNo, "Queues producers write."),
        F(&B::perm, "perm", kNo, "4 read, 2 write, 1 inherit."),
        F(&B::topic_sys_flag, "topicSysFlag", kNo, "1 unit, 2 unit subscription.")};
  }
};

// A broker group: master and slaves.
struct BrokerData {
  std::string cluster;
  std::string broker_name;
  std::map<std::int64_t, std::string> addresses;  // by broker id; 0 is the master
  bool acting_master = false;
  std::optional<std::string> zone;

  bool operator==(const BrokerData&) const = default;

  static constexpr auto Fields() {
    using B = BrokerData;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::cluster, "cluster", kNo, "Cluster."),
        F(&B::broker_name, "brokerName", Need::kRequired, "Name of the broker group."),
        F(&B::addresses, "brokerAddrs", kNo, "Addresses by broker id; 0 is the master."),
        F(&B::acting_master, "enableActingMaster", kNo, "A slave may stand in for the master."),
        F(&B::zone, "zoneName", kNo, "Zone of the group.")};
  }
};

// Where a topic lives: the answer to GET_ROUTEINFO_BY_TOPIC.
struct TopicRouteData {
  std::optional<std::string> order_conf;
  std::vector<QueueData> queues;
  std::vector<BrokerData> brokers;
  std::map<std::string, std::vector<std::string>> filter_servers;  // by broker address
  Json queue_mappings;  // of static topics, by broker; null when there are none

  static constexpr auto Fields() {
    using B = TopicRouteData;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::order_conf, "orderTopicConf", kNo, "broker:queues;... of an ordered topic."),
        F(&B::queues, "queueDatas", kNo, "One entry for each broker group with the topic."),
        F(&B::brokers, "brokerDatas", kNo, "The addresses of these groups."),
        F(&B::filter_servers, "filterServerTable", kNo, "Filter servers by broker address."),
        F(&B::queue_mappings, "topicQueueMappingByBroker", kNo, "Static topics by broker.")};
  }
};

}  // namespace comet::wire
