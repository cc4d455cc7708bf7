#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/base/enum_names.h"
#include "remoting/wire/bodies/data_version.h"

namespace comet::wire {

enum class RetryPolicyType : std::uint8_t { kExponential, kCustomized };
constexpr auto NamesOf(RetryPolicyType /*type*/) {
  return std::array<std::string_view, 2>{"EXPONENTIAL", "CUSTOMIZED"};
}

struct ExponentialRetry {
  std::int64_t initial_ms = 5000;
  std::int64_t max_ms = 7200000;
  std::int64_t multiplier = 2;

  bool operator==(const ExponentialRetry&) const = default;

  static constexpr auto Fields() {
    using B = ExponentialRetry;
    return Declaration{
        F(&B::initial_ms, "initial", Need::kOptional, "First delay, ms."),
        F(&B::max_ms, "max", Need::kOptional, "Longest delay, ms."),
        F(&B::multiplier, "multiplier", Need::kOptional, "Growth from one to the next.")};
  }
};

struct CustomizedRetry {
  std::vector<std::int64_t> next_ms;

  bool operator==(const CustomizedRetry&) const = default;

  static constexpr auto Fields() {
    return Declaration{
        F(&CustomizedRetry::next_ms, "next", Need::kOptional, "Delays in turn, ms.")};
  }
};

// How long a message that failed waits before it comes again.
struct GroupRetryPolicy {
  RetryPolicyType type = RetryPolicyType::kCustomized;
  std::optional<ExponentialRetry> exponential;
  std::optional<CustomizedRetry> customized;

  bool operator==(const GroupRetryPolicy&) const = default;

  static constexpr auto Fields() {
    using B = GroupRetryPolicy;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::type, "type", kNo, "Which of the two counts."),
                       F(&B::exponential, "exponentialRetryPolicy", kNo, "Growing delays."),
                       F(&B::customized, "customizedRetryPolicy", kNo, "A list of delays.")};
  }
};

struct SimpleSubscription {
  std::string topic;
  std::string expression_type;
  std::string expression;
  std::int64_t version = 0;

  bool operator==(const SimpleSubscription&) const = default;

  static constexpr auto Fields() {
    using B = SimpleSubscription;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::topic, "topic", kNo, "Topic."),
                       F(&B::expression_type, "expressionType", kNo, "TAG or SQL92."),
                       F(&B::expression, "expression", kNo, "Tags or a condition."),
                       F(&B::version, "version", kNo, "The larger one is newer.")};
  }
};

// A consumer group as one broker has it: body of UPDATE_AND_CREATE_SUBSCRIPTIONGROUP.
struct SubscriptionGroupConfig {
  std::string name;
  bool consume_enable = true;
  bool consume_from_min = true;
  bool consume_broadcast = true;
  bool consume_orderly = false;
  std::int32_t retry_queues = 1;
  std::int32_t retry_max = 16;
  GroupRetryPolicy retry_policy;
  std::int64_t broker_id = 0;
  std::int64_t broker_when_slow = 1;
  bool notify_changes = true;
  std::int32_t sys_flag = 0;
  std::int32_t consume_timeout_minutes = 15;
  std::optional<std::vector<SimpleSubscription>> subscriptions;
  std::map<std::string, std::string> attributes;

  bool operator==(const SubscriptionGroupConfig&) const = default;

  static constexpr auto Fields() {
    using B = SubscriptionGroupConfig;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::name, "groupName", kNo, "Consumer group."),
        F(&B::consume_enable, "consumeEnable", kNo, "Pulls are answered."),
        F(&B::consume_from_min, "consumeFromMinEnable", kNo, "May begin at the oldest message."),
        F(&B::consume_broadcast, "consumeBroadcastEnable", kNo, "May consume as broadcast."),
        F(&B::consume_orderly, "consumeMessageOrderly", kNo, "Pop keeps the order."),
        F(&B::retry_queues, "retryQueueNums", kNo, "Queues of the retry topic."),
        F(&B::retry_max, "retryMaxTimes", kNo, "Retries before the dead-letter topic."),
        F(&B::retry_policy, "groupRetryPolicy", kNo, "Delays between retries."),
        F(&B::broker_id, "brokerId", kNo, "Member of the broker group to pull from."),
        F(&B::broker_when_slow, "whichBrokerWhenConsumeSlowly", kNo, "Member for slow readers."),
        F(&B::notify_changes, "notifyConsumerIdsChangedEnable", kNo, "Members hear of each other."),
        F(&B::sys_flag, "groupSysFlag", kNo, "1: retry topics belong to the unit."),
        F(&B::consume_timeout_minutes, "consumeTimeoutMinute", kNo, "Longest work on a message."),
        F(&B::subscriptions, "subscriptionDataSet", kNo, "Subscriptions fixed by an operator."),
        F(&B::attributes, "attributes", kNo, "Further properties, 5.x.")};
  }
};

// All groups of a broker: the answer to GET_ALL_SUBSCRIPTIONGROUP_CONFIG and the file
// subscriptionGroup.json.
struct SubscriptionGroupTable {
  DataVersion data_version;
  std::map<std::string, SubscriptionGroupConfig> groups;
  std::map<std::string, std::map<std::string, std::int32_t>> forbidden;  // group -> topic -> bits

  static constexpr auto Fields() {
    using B = SubscriptionGroupTable;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::data_version, "dataVersion", kNo, "Changes with every group."),
        F(&B::groups, "subscriptionGroupTable", kNo, "Groups by name."),
        F(&B::forbidden, "forbiddenTable", kNo, "Reads forbidden, by group and topic.")};
  }
};

// Body of UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST.
struct SubscriptionGroupList {
  std::vector<SubscriptionGroupConfig> groups;

  static constexpr auto Fields() {
    return Declaration{
        F(&SubscriptionGroupList::groups, "groupConfigList", Need::kRequired, "Groups to create.")};
  }
};

}  // namespace comet::wire
