#include "broker/system_topics.h"

#include <algorithm>

#include "remoting/base/text.h"
#include "remoting/wire/names.h"

namespace comet::broker {

std::vector<std::string> SystemTopics(const BrokerConfig& config) {
  std::vector<std::string> topics = {
      std::string(wire::kAutoCreateTopic),
      std::string(wire::kScheduleTopic),
      std::string(wire::kBenchmarkTopic),
      std::string(wire::kHalfTopic),
      std::string(wire::kOpHalfTopic),
      std::string(wire::kTransactionCheckMaxTopic),
      std::string(wire::kSelfTestTopic),
      std::string(wire::kOffsetMovedTopic),
      std::string(wire::kTraceTopic),
      std::string(wire::kTimerTopic),
      config.cluster,
      config.name,
      Concat(config.cluster, wire::kReplyTopicPostfix),
      Concat("rmq_sys_REVIVE_LOG_", config.cluster),
      Concat("rmq_sys_SYNC_BROKER_MEMBER_", config.name),
  };
  if (config.trace_topic) topics.push_back(config.trace_topic_name);
  std::sort(topics.begin(), topics.end());
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  return topics;
}

bool IsSystemTopic(const BrokerConfig& config, std::string_view topic) {
  if (wire::IsSystemTopic(topic)) return true;
  const auto topics = SystemTopics(config);
  return std::binary_search(topics.begin(), topics.end(), topic);
}

Status CheckOperatorsTopic(const BrokerConfig& config, std::string_view topic) {
  COMET_TRY(wire::CheckTopicName(topic));
  if (!IsSystemTopic(config, topic)) return {};
  return {Status::Code::kInvalid, Concat("The topic[", topic, "] is conflict with system topic.")};
}

}  // namespace comet::broker
