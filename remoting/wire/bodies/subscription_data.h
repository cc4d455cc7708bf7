#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "remoting/base/describe.h"

namespace comet::wire {

// What a consumer wants of a topic.
struct SubscriptionData {
  std::string topic;
  std::string expression = "*";         // tags joined by ||, or a SQL92 condition
  std::string expression_type = "TAG";  // or SQL92
  std::set<std::string> tags;           // of a TAG expression; empty means all
  std::set<std::int32_t> codes;         // their Java hashes
  std::int64_t version = 0;             // client clock at subscription; the larger one is newer
  bool class_filter = false;

  bool operator==(const SubscriptionData&) const = default;

  static constexpr auto Fields() {
    using B = SubscriptionData;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::topic, "topic", Need::kRequired, "Topic."),
        F(&B::expression, "subString", kNo, "Tags joined by ||, or a condition."),
        F(&B::expression_type, "expressionType", kNo, "TAG or SQL92."),
        F(&B::tags, "tagsSet", kNo, "Tags of the expression."),
        F(&B::codes, "codeSet", kNo, "Java hashes of the tags."),
        F(&B::version, "subVersion", kNo, "The larger one is newer."),
        F(&B::class_filter, "classFilterMode", kNo, "Filter servers; unused since 4.0.")};
  }
};

}  // namespace comet::wire
