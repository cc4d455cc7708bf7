#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/json.h"
#include "remoting/wire/bodies/connections.h"
#include "remoting/wire/bodies/message_queue.h"
#include "remoting/wire/bodies/subscription_data.h"
#include "remoting/wire/bodies/topic_route.h"
#include "sdk/src/admin_calls.h"

namespace comet::client {

// What a consumer tells of itself; the JSON of CONSUMER_RUNNING_INFO, whatever library it is.
struct RunningInfo {
  std::map<std::string, Json> properties;
  std::vector<wire::SubscriptionData> subscriptions;
  std::map<wire::MessageQueue, Json> queues;      // held, with the state of each
  std::map<wire::MessageQueue, Json> pop_queues;  // the same in pop mode
  std::map<std::string, Json> rates;              // by topic
  std::optional<std::map<std::string, Json>> user_info;
  std::optional<std::string> stacks;

  static constexpr auto Fields() {
    using B = RunningInfo;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::properties, "properties", kNo, "Options and facts."),
                       F(&B::subscriptions, "subscriptionSet", kNo, "Topics wanted."),
                       F(&B::queues, "mqTable", kNo, "Queues held."),
                       F(&B::pop_queues, "mqPopTable", kNo, "Queues held in pop mode."),
                       F(&B::rates, "statusTable", kNo, "Times and rates by topic."),
                       F(&B::user_info, "userConsumerInfo", kNo, "What the application adds."),
                       F(&B::stacks, "jstack", kNo, "Stacks of the threads.")};
  }

  // A property as text; empty when there is none.
  std::string Property(std::string_view name) const;
};

// Through any broker of the route that the client is connected to.
StatusOr<RunningInfo> GetRunningInfo(AdminCalls& calls, const wire::TopicRouteData& route,
                                     const std::string& group, const std::string& client_id,
                                     bool stacks);

// What a consumer made of a message that it was given out of turn.
struct DirectResult {
  bool order = false;
  bool auto_commit = true;
  std::optional<std::string> result;  // CR_SUCCESS, CR_LATER, …
  std::optional<std::string> remark;
  std::int64_t spent_ms = 0;

  static constexpr auto Fields() {
    using B = DirectResult;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::order, "order", kNo, "The listener is ordered."),
                       F(&B::auto_commit, "autoCommit", kNo, "Of an ordered listener."),
                       F(&B::result, "consumeResult", kNo, "What the listener said."),
                       F(&B::remark, "remark", kNo, "What it threw."),
                       F(&B::spent_ms, "spentTimeMills", kNo, "How long it took.")};
  }
};

struct DirectOrder {
  std::string group, client_id, topic;
  std::string offset_id;  // the broker's id of the message
};
// The broker at `address`, which has the message, hands it to that client, and waits.
StatusOr<DirectResult> ConsumeDirectly(AdminCalls& calls, const std::string& address,
                                       const DirectOrder& order);

// Producers of the group, as the first broker of the route that knows the group tells.
StatusOr<wire::ProducerConnection> GetProducerConnections(AdminCalls& calls,
                                                          const wire::TopicRouteData& route,
                                                          const std::string& group);
// All producers of one broker, by group.
StatusOr<wire::ProducerTable> GetProducers(AdminCalls& calls, const std::string& address);

}  // namespace comet::client
