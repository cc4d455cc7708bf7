// What a pull consumer does as a member of its group: heartbeats, and sharing queues.
#include <algorithm>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/pull_consumer_impl.h"
#include "sdk/src/share_out.h"

namespace comet {
namespace {

constexpr Duration kPauseAfterFailedRebalance = std::chrono::seconds(1);

}  // namespace

Result<void> PullConsumer::Impl::Subscribe(const std::string& topic, Filter filter) {
  if (const Status legal = wire::CheckTopicName(topic); !legal.ok()) {
    return Error(Errc::invalid_argument, legal.message());
  }
  if (auto may = runtime_->MayWait("subscribe()"); !may) return may;
  auto wanted = client::Normalized(filter);
  if (!wanted) return wanted.error();
  filter = std::move(*wanted);
  {
    MutexLock lock(mutex_);
    if (closed_) return Error(Errc::closed, "the consumer has been closed");
    if (mode_ == Mode::kAssign) {
      return Error(Errc::invalid_argument, "a consumer either subscribes or assigns queues");
    }
    mode_ = Mode::kSubscribe;
  }
  client::Subscription subscription;
  subscription.topic = topic;
  subscription.wanted = client::TagExpression(filter.expression);
  subscription.filter = std::move(filter);
  subscriptions_.Put(std::move(subscription));
  if (auto joined = Join(); !joined) return joined;
  static_cast<void>(runtime_->routes().GetAndWait(topic));  // so that its brokers are known
  runtime_->BeatNow([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->RequestRebalance();
  });
  const MonoTime deadline = SystemClock().Now() + runtime_->options().request_timeout;
  MutexLock lock(mutex_);
  const auto before = rounds_;
  while (rounds_ == before && !closed_) {
    const Duration left = deadline - SystemClock().Now();
    if (left <= Duration::zero()) break;
    arrived_.WaitFor(mutex_, left);
  }
  return {};
}

// Once; then brokers hear of this consumer until it is closed.
Result<void> PullConsumer::Impl::Join() {
  {
    MutexLock lock(mutex_);
    if (joined_ || closed_) return {};
  }
  auto joined = runtime_->AddConsumer(calls_.wire_group(), shared_from_this());
  if (!joined) return joined;
  {
    MutexLock lock(mutex_);
    joined_ = true;
  }
  RebalanceEvery(options_.rebalance_interval);
  return {};
}

wire::ConsumerData PullConsumer::Impl::Describe() const {
  wire::ConsumerData data;
  data.group = calls_.wire_group();
  data.type = wire::ConsumeType::kActively;
  for (const auto& subscription : subscriptions_.All()) {
    data.subscriptions.push_back(client::Describe(*subscription, runtime_->options().name_space));
  }
  return data;
}

void PullConsumer::Impl::OnGroupChanged() {
  RequestRebalance();
}

void PullConsumer::Impl::RebalanceEvery(Duration interval) {
  runtime_->After(interval, [weak = weak_from_this(), interval] {
    const auto self = weak.lock();
    if (self == nullptr || self->closed()) return;
    self->RequestRebalance();
    self->RebalanceEvery(interval);
  });
}

void PullConsumer::Impl::RequestRebalance() {
  {
    MutexLock lock(mutex_);
    if (closed_ || mode_ != Mode::kSubscribe || rebalance_requested_) return;
    rebalance_requested_ = true;
  }
  runtime_->Work([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->Rebalance();
  });
}

void PullConsumer::Impl::Rebalance() {
  {
    MutexLock lock(mutex_);
    rebalance_requested_ = false;
  }
  bool complete = true;
  bool settled = true;  // nothing that the next round may have: subscribe() waits for this
  for (const auto& subscription : subscriptions_.All()) {
    if (closed()) return;
    auto done = RebalanceTopic(*subscription);
    if (done) continue;
    complete = false;
    settled = settled && done.error().code() == Errc::topic_not_found;
    runtime_->Log(Severity::info, "pull consumer",
                  Concat(options_.group, ": ", subscription->topic, ": ", done.error().message()));
  }
  {
    MutexLock lock(mutex_);
    if (settled) ++rounds_;
    arrived_.NotifyAll();
  }
  if (complete) return;
  runtime_->After(kPauseAfterFailedRebalance, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->RequestRebalance();
  });
}

Result<void> PullConsumer::Impl::RebalanceTopic(const client::Subscription& subscription) {
  auto share = client::ShareOut(*runtime_, options_.group, Model::clustering, *strategy_,
                                subscription.topic);
  if (!share) return share.error();
  if (auto left = Leave(subscription.topic, share->queues); !left) return left;
  for (const Queue& queue : share->queues) {
    {
      MutexLock lock(mutex_);
      if (assigned_.contains(queue)) continue;
    }
    auto fresh = MakeAssigned(queue, subscription.filter);
    if (!fresh) return fresh.error();
    MutexLock lock(mutex_);
    fresh->generation = ++generations_;
    assigned_.emplace(queue, std::move(*fresh));
  }
  if (share->listed) return {};
  runtime_->BeatNow();
  return Error(Errc::not_owner, "the broker does not list this client as one of the group yet");
}

// Gives up the queues of a topic that others have now, with what poll() has returned of them.
Result<void> PullConsumer::Impl::Leave(const std::string& topic, const std::vector<Queue>& kept) {
  std::vector<std::pair<Queue, std::int64_t>> commits;
  {
    MutexLock lock(mutex_);
    for (auto at = assigned_.begin(); at != assigned_.end();) {
      const auto& [queue, assigned] = *at;
      if (queue.topic != topic || std::binary_search(kept.begin(), kept.end(), queue)) {
        ++at;
        continue;
      }
      if (assigned.returned != assigned.committed) commits.emplace_back(queue, assigned.returned);
      at = assigned_.erase(at);
    }
  }
  Result<void> outcome;
  for (const auto& [queue, offset] : commits) {
    if (auto done = calls_.Commit(queue, offset); !done) outcome = done;
  }
  return outcome;
}

}  // namespace comet
