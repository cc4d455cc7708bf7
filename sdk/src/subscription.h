#pragma once

#include <comet/push_consumer.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/wire/bodies/subscription_data.h"
#include "sdk/src/tag_expression.h"

namespace comet::client {

// What a consumer wants of a topic, and what it does with it. Immutable.
struct Subscription {
  std::string topic;
  Filter filter;
  TagExpression wanted{"*"};
  std::int64_t version = 0;  // ms; the larger one is newer
  bool ordered = false;
  std::variant<std::monostate, Handler, BatchHandler, AsyncHandler> handler;
};
using SubscriptionPtr = std::shared_ptr<const Subscription>;

// The filter as brokers understand it: blanks and nothing are all messages, as "*" is. An error if
// it has no tag between its bars, which no message could have.
Result<Filter> Normalized(const Filter& filter);

// What brokers are told of it.
wire::SubscriptionData Describe(const Subscription& subscription, std::string_view name_space);

// The subscriptions of one consumer by topic. Thread-safe.
class SubscriptionTable {
 public:
  // Replaces the topic's; its version is later than that one's.
  void Put(Subscription subscription) EXCLUDES(mutex_);
  bool Remove(const std::string& topic) EXCLUDES(mutex_);
  SubscriptionPtr Find(std::string_view topic) const EXCLUDES(mutex_);
  std::vector<SubscriptionPtr> All() const EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::map<std::string, SubscriptionPtr, std::less<>> by_topic_ GUARDED_BY(mutex_);
};

}  // namespace comet::client
