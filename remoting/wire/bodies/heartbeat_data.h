#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/base/enum_names.h"
#include "remoting/wire/bodies/subscription_data.h"

namespace comet::wire {

enum class ConsumeType : std::uint8_t { kActively, kPassively, kPop };  // pull, push, pop
constexpr auto NamesOf(ConsumeType /*type*/) {
  return std::array<std::string_view, 3>{"CONSUME_ACTIVELY", "CONSUME_PASSIVELY", "CONSUME_POP"};
}

enum class MessageModel : std::uint8_t { kBroadcasting, kClustering };
constexpr auto NamesOf(MessageModel /*model*/) {
  return std::array<std::string_view, 2>{"BROADCASTING", "CLUSTERING"};
}

enum class ConsumeFromWhere : std::uint8_t {
  kLastOffset,
  kLastOffsetAndMinWhenBootFirst,
  kMinOffset,
  kMaxOffset,
  kFirstOffset,
  kTimestamp
};
constexpr auto NamesOf(ConsumeFromWhere /*where*/) {
  return std::array<std::string_view, 6>{
      "CONSUME_FROM_LAST_OFFSET",  "CONSUME_FROM_LAST_OFFSET_AND_FROM_MIN_WHEN_BOOT_FIRST",
      "CONSUME_FROM_MIN_OFFSET",   "CONSUME_FROM_MAX_OFFSET",
      "CONSUME_FROM_FIRST_OFFSET", "CONSUME_FROM_TIMESTAMP"};
}

// A producer group of a client.
struct ProducerData {
  std::string group;

  static constexpr auto Fields() {
    return Declaration{F(&ProducerData::group, "groupName", Need::kRequired, "Producer group.")};
  }
};

// A consumer group of a client, with everything it subscribes to.
struct ConsumerData {
  std::string group;
  ConsumeType type = ConsumeType::kPassively;
  MessageModel model = MessageModel::kClustering;
  ConsumeFromWhere from_where = ConsumeFromWhere::kLastOffset;
  std::vector<SubscriptionData> subscriptions;
  bool unit_mode = false;

  static constexpr auto Fields() {
    using B = ConsumerData;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::group, "groupName", Need::kRequired, "Consumer group."),
        F(&B::type, "consumeType", kNo, "Pull, push or pop; a name or its number."),
        F(&B::model, "messageModel", kNo, "Broadcasting or clustering."),
        F(&B::from_where, "consumeFromWhere", kNo, "Where a new group begins."),
        F(&B::subscriptions, "subscriptionDataSet", kNo, "Topics with their expressions."),
        F(&B::unit_mode, "unitMode", kNo, "Retry topics belong to the unit.")};
  }
};

// What a client tells every broker it talks to: body of HEART_BEAT.
struct HeartbeatData {
  std::string client_id;
  std::vector<ProducerData> producers;
  std::vector<ConsumerData> consumers;
  std::int32_t fingerprint = 0;  // of heartbeats V2; 0 otherwise
  bool without_subscriptions = false;

  static constexpr auto Fields() {
    using B = HeartbeatData;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::client_id, "clientID", Need::kRequired, "ip@name, unique for a client instance."),
        F(&B::producers, "producerDataSet", kNo, "Producer groups of the client."),
        F(&B::consumers, "consumerDataSet", kNo, "Consumer groups of the client."),
        F(&B::fingerprint, "heartbeatFingerprint", kNo, "Hash of the content, V2; else 0."),
        F(&B::without_subscriptions, "withoutSub", kNo, "V2: subscriptions are left out.")};
  }
};

// Body of CHECK_CLIENT_CONFIG.
struct CheckClientConfigBody {
  std::string client_id;
  std::string group;
  std::optional<std::string> client_namespace;
  SubscriptionData subscription;

  static constexpr auto Fields() {
    using B = CheckClientConfigBody;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::client_id, "clientId", kNo, "Client."), F(&B::group, "group", kNo, "Consumer group."),
        F(&B::client_namespace, "namespace", kNo, "Namespace of the client."),
        F(&B::subscription, "subscriptionData", Need::kRequired, "Expression to check.")};
  }
};

}  // namespace comet::wire
