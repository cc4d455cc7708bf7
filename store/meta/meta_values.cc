#include "store/meta/meta_values.h"

namespace comet::store::meta {
namespace {

template <class Map>
std::map<std::string, std::string> TextMap(const Map& from) {
  return {from.begin(), from.end()};
}

void SetRetryPolicy(const wire::GroupRetryPolicy& policy, pb::Group* to) {
  to->set_retry_policy(static_cast<int>(policy.type));
  if (policy.exponential) {
    to->mutable_exponential()->set_initial_ms(policy.exponential->initial_ms);
    to->mutable_exponential()->set_max_ms(policy.exponential->max_ms);
    to->mutable_exponential()->set_multiplier(policy.exponential->multiplier);
  }
  if (policy.customized) {
    auto* next = to->mutable_customized()->mutable_next_ms();
    next->Assign(policy.customized->next_ms.begin(), policy.customized->next_ms.end());
  }
}

wire::GroupRetryPolicy RetryPolicyOf(const pb::Group& from) {
  wire::GroupRetryPolicy policy;
  policy.type = from.retry_policy() == 0 ? wire::RetryPolicyType::kExponential
                                         : wire::RetryPolicyType::kCustomized;
  if (from.has_exponential()) {
    const auto& growing = from.exponential();
    policy.exponential = {growing.initial_ms(), growing.max_ms(), growing.multiplier()};
  }
  if (from.has_customized()) {
    const auto& next = from.customized().next_ms();
    policy.customized.emplace().next_ms.assign(next.begin(), next.end());
  }
  return policy;
}

}  // namespace

pb::Version ToProto(const wire::DataVersion& version) {
  pb::Version to;
  to.set_state_version(version.state_version);
  to.set_timestamp_ms(version.timestamp_ms);
  to.set_counter(version.counter);
  return to;
}

wire::DataVersion FromProto(const pb::Version& version) {
  return {version.state_version(), version.timestamp_ms(), version.counter()};
}

pb::Topic ToProto(const wire::TopicConfig& topic) {
  pb::Topic to;
  to.set_name(topic.name);
  to.set_read_queues(topic.read_queues);
  to.set_write_queues(topic.write_queues);
  to.set_perm(topic.perm);
  to.set_filter_type(static_cast<int>(topic.filter_type));
  to.set_sys_flag(topic.sys_flag);
  to.set_order(topic.order);
  to.mutable_attributes()->insert(topic.attributes.begin(), topic.attributes.end());
  return to;
}

wire::TopicConfig FromProto(const pb::Topic& topic) {
  wire::TopicConfig to;
  to.name = topic.name();
  to.read_queues = topic.read_queues();
  to.write_queues = topic.write_queues();
  to.perm = topic.perm();
  to.filter_type = topic.filter_type() == 0 ? wire::TopicFilterType::kSingleTag
                                            : wire::TopicFilterType::kMultiTag;
  to.sys_flag = topic.sys_flag();
  to.order = topic.order();
  to.attributes = TextMap(topic.attributes());
  return to;
}

pb::Group ToProto(const wire::SubscriptionGroupConfig& group) {
  pb::Group to;
  to.set_name(group.name);
  to.set_consume_enable(group.consume_enable);
  to.set_consume_from_min(group.consume_from_min);
  to.set_consume_broadcast(group.consume_broadcast);
  to.set_consume_orderly(group.consume_orderly);
  to.set_retry_queues(group.retry_queues);
  to.set_retry_max(group.retry_max);
  SetRetryPolicy(group.retry_policy, &to);
  to.set_broker_id(group.broker_id);
  to.set_broker_when_slow(group.broker_when_slow);
  to.set_notify_changes(group.notify_changes);
  to.set_sys_flag(group.sys_flag);
  to.set_consume_timeout_minutes(group.consume_timeout_minutes);
  if (group.subscriptions) {
    auto* list = to.mutable_subscriptions();
    for (const auto& subscription : *group.subscriptions) {
      auto* added = list->add_subscriptions();
      added->set_topic(subscription.topic);
      added->set_expression_type(subscription.expression_type);
      added->set_expression(subscription.expression);
      added->set_version(subscription.version);
    }
  }
  to.mutable_attributes()->insert(group.attributes.begin(), group.attributes.end());
  return to;
}

wire::SubscriptionGroupConfig FromProto(const pb::Group& group) {
  wire::SubscriptionGroupConfig to;
  to.name = group.name();
  to.consume_enable = group.consume_enable();
  to.consume_from_min = group.consume_from_min();
  to.consume_broadcast = group.consume_broadcast();
  to.consume_orderly = group.consume_orderly();
  to.retry_queues = group.retry_queues();
  to.retry_max = group.retry_max();
  to.retry_policy = RetryPolicyOf(group);
  to.broker_id = group.broker_id();
  to.broker_when_slow = group.broker_when_slow();
  to.notify_changes = group.notify_changes();
  to.sys_flag = group.sys_flag();
  to.consume_timeout_minutes = group.consume_timeout_minutes();
  if (group.has_subscriptions()) {
    auto& list = to.subscriptions.emplace();
    for (const auto& subscription : group.subscriptions().subscriptions()) {
      list.push_back({subscription.topic(), subscription.expression_type(),
                      subscription.expression(), subscription.version()});
    }
  }
  to.attributes = TextMap(group.attributes());
  return to;
}

}  // namespace comet::store::meta
