#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "remoting/wire/bodies/subscription_data.h"
#include "store/tag_filter.h"

namespace comet::broker {

// What a consumer group wants of one topic, as a heartbeat says it. Immutable once registered,
// so pulls share it.
struct Subscription {
  explicit Subscription(wire::SubscriptionData wanted)
      : data(std::move(wanted)),
        filter(data.class_filter || data.expression == "*" || data.expression.empty() ||
                       data.codes.empty()
                   ? store::TagFilter()
                   : store::TagFilter(
                         std::vector<std::int32_t>(data.codes.begin(), data.codes.end()))) {}

  bool by_tags() const { return data.expression_type.empty() || data.expression_type == "TAG"; }

  const wire::SubscriptionData data;
  const store::TagFilter filter;
};

}  // namespace comet::broker
