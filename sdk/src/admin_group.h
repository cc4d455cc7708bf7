#pragma once

#include <map>
#include <string>
#include <vector>

#include "remoting/wire/bodies/connections.h"
#include "remoting/wire/bodies/stats.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "remoting/wire/bodies/topic_route.h"
#include "sdk/src/admin_calls.h"

namespace comet::client {

// Creates the group or replaces its settings.
Status UpdateGroup(AdminCalls& calls, const std::string& address,
                   const wire::SubscriptionGroupConfig& config);

// Groups that consume the topic, of all brokers of the route, sorted.
StatusOr<std::vector<std::string>> GetGroupsOfTopic(AdminCalls& calls,
                                                    const wire::TopicRouteData& route,
                                                    const std::string& topic);

// How far the group is on all its topics, or on one. Brokers are found by the route of the group's
// retry topic, or else of `topic`.
StatusOr<wire::ConsumeStats> GetConsumeStats(AdminCalls& calls, const std::string& group,
                                             const std::string& topic);

// kNotFound when nobody of the group is online.
StatusOr<wire::ConsumerConnection> GetConsumerConnections(AdminCalls& calls,
                                                          const std::string& group);

// Which client of the group holds a queue, by what the clients say. Asks each of them.
StatusOr<std::map<wire::MessageQueue, std::string>> GetQueueOwners(AdminCalls& calls,
                                                                   const std::string& group);

}  // namespace comet::client
