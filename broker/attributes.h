#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "remoting/base/status_or.h"

namespace comet::broker {

// Further properties of topics and groups (5.x), by name.
using Attributes = std::map<std::string, std::string>;

// One attribute that is understood. Any other is refused.
struct AttributeRule {
  std::string_view key;
  bool changeable = true;                      // false: only when the topic or group is made
  bool (*allows)(std::string_view) = nullptr;  // null: any value
  std::string_view allowed;                    // what that is, for people
};

std::span<const AttributeRule> TopicAttributeRules();
std::span<const AttributeRule> GroupAttributeRules();

// "+key=value,-key" as UPDATE_AND_CREATE_TOPIC has it; keys keep their sign.
StatusOr<Attributes> ParseAttributeChanges(std::string_view text);

// `current` after the changes, whose keys begin with + (set) or - (remove). `create`: there is
// nothing to remove from yet. kInvalid with a remark for the operator.
StatusOr<Attributes> ChangeAttributes(std::span<const AttributeRule> rules, bool create,
                                      const Attributes& current, const Attributes& changes);

}  // namespace comet::broker
