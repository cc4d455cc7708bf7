#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/broker_config.h"

namespace comet::broker {

// The topics that belong to a broker of this configuration itself: administration neither changes
// nor deletes them.
std::vector<std::string> SystemTopics(const BrokerConfig& config);
bool IsSystemTopic(const BrokerConfig& config, std::string_view topic);

// RocketMQ's rules for the name of a topic that an operator may change: kInvalid with its remark.
Status CheckOperatorsTopic(const BrokerConfig& config, std::string_view topic);

}  // namespace comet::broker
