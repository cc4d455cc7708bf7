#include "broker/attributes.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "remoting/base/text.h"

namespace comet::broker {
namespace {

template <std::int64_t kLow, std::int64_t kHigh>
bool InRange(std::string_view text) {
  const auto value = ParseNumber<std::int64_t>(text);
  return value && *value >= kLow && *value <= kHigh;
}

template <class... Names>
bool OneOf(std::string_view text, Names... names) {
  return ((text == names) || ...);
}

constexpr std::int64_t kLargest = INT64_MAX;

constexpr AttributeRule kTopicRules[] = {
    {"message.type", true,
     [](std::string_view text) {
       return OneOf(text, "UNSPECIFIED", "NORMAL", "FIFO", "DELAY", "TRANSACTION", "MIXED",
                    "PRIORITY", "LITE");
     },
     "UNSPECIFIED, NORMAL, FIFO, DELAY, TRANSACTION, MIXED, PRIORITY or LITE"},
    // Queues are of the one kind that the store has.
    {"queue.type", false, [](std::string_view text) { return text == "SimpleCQ"; }, "SimpleCQ"},
    {"cleanup.policy", false, [](std::string_view text) { return text == "DELETE"; }, "DELETE"},
    {"reserve.time", true, InRange<-1, kLargest>, "-1 or a number of ms"},
};

constexpr AttributeRule kGroupRules[] = {
    {"priority.factor", true, InRange<0, 100>, "0 to 100"},
};

constexpr std::size_t kRemarkBytesMax = 300;  // what was sent does not all come back

Status Invalid(std::string remark) {
  if (remark.size() > kRemarkBytesMax) remark.resize(kRemarkBytesMax);
  return {Status::Code::kInvalid, std::move(remark)};
}

Status CheckKey(std::string_view signed_key) {
  const auto key = signed_key.substr(signed_key.empty() ? 0 : 1);
  if (key.empty() || key.find_first_of("+-=,") != std::string_view::npos) {
    return Invalid(Concat("attribute format is wrong, expected +key=value or -key: ", signed_key));
  }
  return {};
}

Status CheckValue(std::span<const AttributeRule> rules, bool create, std::string_view key,
                  const std::string* value) {
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const AttributeRule& known) { return known.key == key; });
  if (rule == rules.end()) return Invalid(Concat("unsupported key: ", key));
  if (!create && !rule->changeable) {
    return Invalid(Concat("attempt to update an unchangeable attribute. key: ", key));
  }
  if (value != nullptr && rule->allows != nullptr && !rule->allows(*value)) {
    return Invalid(Concat("attribute ", key, ": '", *value, "' is not ", rule->allowed));
  }
  return {};
}

}  // namespace

std::span<const AttributeRule> TopicAttributeRules() {
  return kTopicRules;
}

std::span<const AttributeRule> GroupAttributeRules() {
  return kGroupRules;
}

StatusOr<Attributes> ParseAttributeChanges(std::string_view text) {
  Attributes changes;
  while (!text.empty()) {
    const auto one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const auto equals = one.find('=');
    const auto key = one.substr(0, equals);
    const bool removes = key.starts_with('-');
    if (removes != (equals == std::string_view::npos)) {
      return Invalid(Concat("attribute format is wrong, expected +key=value or -key: ", one));
    }
    const auto value = removes ? std::string_view() : one.substr(equals + 1);
    if (!changes.emplace(key, value).second) return Invalid(Concat("key duplication: ", key));
  }
  return changes;
}

StatusOr<Attributes> ChangeAttributes(std::span<const AttributeRule> rules, bool create,
                                      const Attributes& current, const Attributes& changes) {
  auto next = current;
  for (const auto& [signed_key, value] : changes) {
    COMET_TRY(CheckKey(signed_key));
    const auto key = signed_key.substr(1);
    if (changes.contains(Concat(signed_key.front() == '+' ? '-' : '+', key))) {
      return Invalid(Concat("key duplication: ", key));
    }
    if (signed_key.front() == '+') {
      COMET_TRY(CheckValue(rules, create, key, &value));
      next.insert_or_assign(key, value);
    } else if (signed_key.front() != '-') {
      return Invalid(Concat("wrong format key: ", signed_key));
    } else if (create) {
      return Invalid(Concat("only add attribute is supported while creating topic. key: ", key));
    } else {
      COMET_TRY(CheckValue(rules, create, key, nullptr));
      if (next.erase(key) == 0) {
        return Invalid(Concat("attempt to delete a nonexistent key: ", key));
      }
    }
  }
  return next;
}

}  // namespace comet::broker
