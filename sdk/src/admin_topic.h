#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/wire/bodies/stats.h"
#include "remoting/wire/bodies/topic_config.h"
#include "remoting/wire/bodies/topic_route.h"
#include "sdk/src/admin_calls.h"

namespace comet::client {

// Names of all topics, sorted.
StatusOr<std::vector<std::string>> GetTopics(AdminCalls& calls);

// kNotFound when no name server knows the topic.
StatusOr<wire::TopicRouteData> GetRoute(AdminCalls& calls, const std::string& topic);

// The master's address, or that of any slave when the master is lost; empty for a group of nobody.
std::string AddressOf(const wire::BrokerData& broker);
// kNotFound when the route does not have the broker, or nobody of it.
StatusOr<std::string> AddressOf(const wire::TopicRouteData& route, const std::string& broker_name);

// The queues of all brokers of the route together.
StatusOr<wire::TopicStatsTable> GetTopicStats(AdminCalls& calls, const wire::TopicRouteData& route,
                                              const std::string& topic);

// A topic as one broker has it; nothing when the broker does not have it.
StatusOr<std::optional<wire::TopicConfig>> GetTopicConfig(AdminCalls& calls,
                                                          const std::string& address,
                                                          const std::string& topic);
// All topics of a broker.
StatusOr<wire::TopicConfigTable> GetTopicConfigs(AdminCalls& calls, const std::string& address);

// Creates the topic or replaces its settings. Attributes are changes: "+key" with a value sets,
// "-key" removes.
Status UpdateTopic(AdminCalls& calls, const std::string& address, const wire::TopicConfig& config);

// Several at once: all of them or none.
Status UpdateTopics(AdminCalls& calls, const std::string& address,
                    const std::vector<wire::TopicConfig>& configs);

Status DeleteTopic(AdminCalls& calls, const std::string& address, const std::string& topic);

// At every name server: the route within the cluster, and the order configuration.
Status DeleteTopicRoute(AdminCalls& calls, const std::string& topic, const std::string& cluster);

// The share of each broker in an ordered topic, "broker-a:8;broker-b:8"; empty when there is none.
StatusOr<std::string> GetOrderConf(AdminCalls& calls, const std::string& topic);
// At every name server.
Status SetOrderConf(AdminCalls& calls, const std::string& topic, const std::string& conf);
// `conf` with these brokers' queues instead of what it says of them.
std::string OrderConfWith(std::string_view conf, const std::map<std::string, std::int32_t>& queues);

}  // namespace comet::client
