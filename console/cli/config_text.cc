#include "console/cli/config_text.h"

#include <vector>

#include "console/cli/arguments.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"

namespace comet::cli {
namespace {

// RW-: the third place is the inherit bit.
std::string PermText(std::int32_t perm) {
  return Concat(wire::perm::IsReadable(perm) ? 'R' : '-', wire::perm::IsWritable(perm) ? 'W' : '-',
                wire::perm::IsInherited(perm) ? 'X' : '-');
}

std::string RetryPolicyText(const wire::GroupRetryPolicy& policy) {
  std::string exponential = "null";
  if (policy.exponential) {
    exponential = Concat("ExponentialRetryPolicy{initial=", policy.exponential->initial_ms,
                         ", max=", policy.exponential->max_ms,
                         ", multiplier=", policy.exponential->multiplier, "}");
  }
  std::string customized = "null";
  if (policy.customized) {
    std::string next;
    for (const std::int64_t ms : policy.customized->next_ms) {
      next += Concat(next.empty() ? "" : ", ", ms);
    }
    customized = Concat("CustomizedRetryPolicy{next=[", next, "]}");
  }
  return Concat("GroupRetryPolicy{type=", EnumName(policy.type),
                ", exponentialRetryPolicy=", exponential, ", customizedRetryPolicy=", customized,
                "}");
}

std::string SubscriptionsText(const wire::SubscriptionGroupConfig& config) {
  if (!config.subscriptions) return "";
  std::string text;
  for (const wire::SimpleSubscription& entry : *config.subscriptions) {
    text += Concat(text.empty() ? "" : ", ", "SimpleSubscriptionData{topic='", entry.topic,
                   "', expressionType='", entry.expression_type, "', expression='",
                   entry.expression, "', version=", entry.version, "}");
  }
  return Concat("[", text, "]");
}

}  // namespace

std::string TextOf(const std::map<std::string, std::string>& table) {
  std::string text;
  for (const auto& [key, value] : table) text += Concat(text.empty() ? "" : ", ", key, "=", value);
  return Concat("{", text, "}");
}

std::string TextOf(const wire::TopicConfig& config) {
  return Concat("TopicConfig [topicName=", config.name, ", readQueueNums=", config.read_queues,
                ", writeQueueNums=", config.write_queues, ", perm=", PermText(config.perm),
                ", topicFilterType=", EnumName(config.filter_type),
                ", topicSysFlag=", config.sys_flag, ", order=", config.order,
                ", attributes=", TextOf(config.attributes), "]");
}

std::vector<std::pair<std::string, std::string>> FieldsOf(
    const wire::SubscriptionGroupConfig& config) {
  return {{"groupName", config.name},
          {"consumeEnable", Concat(config.consume_enable)},
          {"consumeFromMinEnable", Concat(config.consume_from_min)},
          {"consumeBroadcastEnable", Concat(config.consume_broadcast)},
          {"consumeMessageOrderly", Concat(config.consume_orderly)},
          {"retryQueueNums", Concat(config.retry_queues)},
          {"retryMaxTimes", Concat(config.retry_max)},
          {"groupRetryPolicy", RetryPolicyText(config.retry_policy)},
          {"brokerId", Concat(config.broker_id)},
          {"whichBrokerWhenConsumeSlowly", Concat(config.broker_when_slow)},
          {"notifyConsumerIdsChangedEnable", Concat(config.notify_changes)},
          {"groupSysFlag", Concat(config.sys_flag)},
          {"consumeTimeoutMinute", Concat(config.consume_timeout_minutes)},
          {"subscriptionDataSet", SubscriptionsText(config)},
          {"attributes", TextOf(config.attributes)}};
}

std::string TextOf(const wire::SubscriptionGroupConfig& config) {
  std::string text;
  for (const auto& [name, value] : FieldsOf(config)) {
    text += Concat(text.empty() ? "" : ", ", name, "=", value.empty() ? "null" : value);
  }
  return Concat("SubscriptionGroupConfig{", text, "}");
}

Status ParseAttributes(std::string_view text, std::map<std::string, std::string>* attributes) {
  for (const std::string& part : SplitList(text, ',')) {
    const std::size_t equals = part.find('=');
    const std::string key = part.substr(0, equals);
    const bool sets = key.size() > 1 && key.front() == '+' && equals != std::string::npos;
    const bool removes = key.size() > 1 && key.front() == '-' && equals == std::string::npos;
    if (!sets && !removes) {
      return Status(Status::Code::kInvalid,
                    Concat("attributes must be +key=value or -key, not ", part));
    }
    const std::string value = sets ? part.substr(equals + 1) : "";
    if (!attributes->emplace(key, value).second) {
      return Status(Status::Code::kInvalid, Concat("attribute ", key, " is given twice"));
    }
  }
  return {};
}

void ApplyAttributes(const std::map<std::string, std::string>& changes,
                     std::map<std::string, std::string>* attributes) {
  for (const auto& [key, value] : changes) {
    if (key.starts_with('-')) {
      attributes->erase(key.substr(1));
    } else {
      (*attributes)[key.substr(1)] = value;
    }
  }
}

}  // namespace comet::cli
