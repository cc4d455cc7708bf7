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

Status UpdateGroups(AdminCalls& calls, const std::string& address,
                    const wire::SubscriptionGroupList& groups);
// With `offsets` also what it has consumed so far.
Status DeleteGroup(AdminCalls& calls, const std::string& address, const std::string& group,
                   bool offsets);
// Settings of all groups of a broker, by name.
StatusOr<std::map<std::string, wire::SubscriptionGroupConfig>> GetGroups(
    AdminCalls& calls, const std::string& address);

// The brokers of a group's retry topic, else of the given topic. A group that only pulls has no
// retry topic: without a topic every broker is meant.
StatusOr<wire::TopicRouteData> GetRouteOfGroup(AdminCalls& calls, const std::string& group,
                                               const std::string& topic);

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

// As one broker knows them; kIo in the broker's words when nobody is online there.
StatusOr<wire::ConsumerConnection> GetConsumerConnectionsAt(AdminCalls& calls,
                                                            const std::string& address,
                                                            const std::string& group);

// Which client of the group holds a queue, by what the clients say. Asks each of them.
StatusOr<std::map<wire::MessageQueue, std::string>> GetQueueOwners(AdminCalls& calls,
                                                                   const std::string& group);

}  // namespace comet::client
