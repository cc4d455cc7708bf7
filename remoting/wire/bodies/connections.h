#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/bodies/subscription_data.h"

namespace comet::wire {

struct Connection {
  std::string client_id;
  std::string client_addr;
  std::optional<std::string> language;  // none when the client's is unknown
  std::int32_t version = 0;

  static constexpr auto Fields() {
    using B = Connection;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::client_id, "clientId", kNo, "Client."),
                       F(&B::client_addr, "clientAddr", kNo, "ip:port."),
                       F(&B::language, "language", kNo, "Language of the SDK."),
                       F(&B::version, "version", kNo, "Number of the SDK's version.")};
  }
};

// The answer to GET_CONSUMER_CONNECTION_LIST.
struct ConsumerConnection {
  std::vector<Connection> connections;
  std::map<std::string, SubscriptionData> subscriptions;  // by topic
  std::optional<ConsumeType> type;
  std::optional<MessageModel> model;
  std::optional<ConsumeFromWhere> from_where;

  static constexpr auto Fields() {
    using B = ConsumerConnection;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::connections, "connectionSet", kNo, "Clients of the group."),
                       F(&B::subscriptions, "subscriptionTable", kNo, "Subscriptions by topic."),
                       F(&B::type, "consumeType", kNo, "Pull, push or pop."),
                       F(&B::model, "messageModel", kNo, "Broadcasting or clustering."),
                       F(&B::from_where, "consumeFromWhere", kNo, "Where a new group begins.")};
  }
};

// The answer to GET_PRODUCER_CONNECTION_LIST.
struct ProducerConnection {
  std::vector<Connection> connections;

  static constexpr auto Fields() {
    return Declaration{F(&ProducerConnection::connections, "connectionSet", Need::kOptional,
                         "Clients of the group.")};
  }
};

struct ProducerInfo {
  std::string client_id;
  std::string remote_ip;  // "/ip:port"
  std::optional<std::string> language;
  std::int32_t version = 0;
  std::int64_t last_update_ms = 0;

  static constexpr auto Fields() {
    using B = ProducerInfo;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::client_id, "clientId", kNo, "Client."),
                       F(&B::remote_ip, "remoteIP", kNo, "/ip:port."),
                       F(&B::language, "language", kNo, "Language of the SDK."),
                       F(&B::version, "version", kNo, "Number of the SDK's version."),
                       F(&B::last_update_ms, "lastUpdateTimestamp", kNo, "Last heartbeat, ms.")};
  }
};

// The answer to GET_ALL_PRODUCER_INFO.
struct ProducerTable {
  std::map<std::string, std::vector<ProducerInfo>> producers;  // by group

  static constexpr auto Fields() {
    return Declaration{F(&ProducerTable::producers, "data", Need::kOptional, "Clients by group.")};
  }
};

// The answer to QUERY_SUBSCRIPTION_BY_CONSUMER.
struct ConsumerSubscription {
  std::string group;
  std::string topic;
  std::optional<SubscriptionData> subscription;

  static constexpr auto Fields() {
    using B = ConsumerSubscription;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::group, "group", kNo, "Consumer group."),
                       F(&B::topic, "topic", kNo, "Topic."),
                       F(&B::subscription, "subscriptionData", kNo, "None when it is unknown.")};
  }
};

}  // namespace comet::wire
