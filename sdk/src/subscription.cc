#include "sdk/src/subscription.h"

#include <algorithm>
#include <utility>

#include "remoting/base/clock.h"
#include "remoting/base/hash.h"
#include "sdk/src/name_space.h"

namespace comet::client {

Result<Filter> Normalized(const Filter& filter) {
  const auto first = filter.expression.find_first_not_of(" \t");
  if (first == std::string::npos) return Filter::all();
  const auto last = filter.expression.find_last_not_of(" \t");
  const std::string expression = filter.expression.substr(first, last - first + 1);
  if (expression != "*" && TagExpression(expression).tags().empty()) {
    return Error(Errc::invalid_argument,
                 "filter '" + filter.expression + "' names no tag: \"*\" wants all messages");
  }
  return Filter{expression};
}

wire::SubscriptionData Describe(const Subscription& subscription, std::string_view name_space) {
  wire::SubscriptionData data;
  data.topic = WrapName(name_space, subscription.topic);
  data.expression = subscription.filter.expression;
  data.version = subscription.version;
  for (const std::string& tag : subscription.wanted.tags()) {
    data.tags.insert(tag);
    data.codes.insert(JavaStringHash(tag));
  }
  return data;
}

void SubscriptionTable::Put(Subscription subscription) {
  subscription.version = SystemClock().WallNow();
  MutexLock lock(mutex_);
  SubscriptionPtr& place = by_topic_[subscription.topic];
  if (place != nullptr) {
    subscription.version = std::max(subscription.version, place->version + 1);
  }
  place = std::make_shared<const Subscription>(std::move(subscription));
}

bool SubscriptionTable::Remove(const std::string& topic) {
  MutexLock lock(mutex_);
  return by_topic_.erase(topic) > 0;
}

SubscriptionPtr SubscriptionTable::Find(std::string_view topic) const {
  MutexLock lock(mutex_);
  const auto found = by_topic_.find(topic);
  return found == by_topic_.end() ? nullptr : found->second;
}

std::vector<SubscriptionPtr> SubscriptionTable::All() const {
  std::vector<SubscriptionPtr> all;
  MutexLock lock(mutex_);
  for (const auto& [topic, subscription] : by_topic_) all.push_back(subscription);
  return all;
}

}  // namespace comet::client
