#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/status.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "remoting/wire/bodies/topic_config.h"

namespace comet::cli {

// The lines that mqadmin prints of settings; scripts look for their parts.
std::string TextOf(const wire::TopicConfig& config);
std::string TextOf(const wire::SubscriptionGroupConfig& config);
// Names and values of the settings in the same order; the value is empty for what is not set.
std::vector<std::pair<std::string, std::string>> FieldsOf(
    const wire::SubscriptionGroupConfig& config);

// {a=1, b=2}
std::string TextOf(const std::map<std::string, std::string>& table);

// "+a=b,+c=d,-e": keys keep their sign, as brokers want them.
Status ParseAttributes(std::string_view text, std::map<std::string, std::string>* attributes);
// What a broker makes of such changes.
void ApplyAttributes(const std::map<std::string, std::string>& changes,
                     std::map<std::string, std::string>* attributes);

}  // namespace comet::cli
