// How a push consumer comes by its queues.
#include <algorithm>
#include <iterator>
#include <utility>

#include "remoting/base/text.h"
#include "sdk/src/foreign_call.h"
#include "sdk/src/push_consumer_impl.h"
#include "sdk/src/queue_locks.h"

namespace comet {

using client::ProcessQueuePtr;
using client::SubscriptionPtr;

namespace {

constexpr Duration kPauseAfterFailedRound = std::chrono::seconds(1);
constexpr int kHastyRounds = 15;  // that follow a failed one at once; then the timer is enough

}  // namespace

void PushConsumer::Impl::OnGroupChanged() {
  RequestRebalance();
}

// However often it is asked for, one round that begins afterwards will do.
void PushConsumer::Impl::RequestRebalance() {
  if (!running() || rebalance_requested_.exchange(true)) return;
  runtime_->Work([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->rebalance_requested_.store(false);
    if (self->running()) self->Rebalance();
  });
}

void PushConsumer::Impl::Rebalance() {
  std::string error;
  bool settled = true;  // nothing that the next round may have: start() waits for this
  for (const SubscriptionPtr& subscription : subscriptions_.All()) {
    auto done = RebalanceTopic(subscription);
    settled = settled && (done || done.error().code() == Errc::topic_not_found);
    if (!done && error.empty()) {
      error = Concat(subscription->topic, ": ", done.error().message());
    }
  }
  for (const ProcessQueuePtr& queue : Queues()) {
    const auto subscription = subscriptions_.Find(queue->queue().topic);
    if (subscription == nullptr) DropQueue(queue);
  }
  bool hasten = false, is_news = false;
  {
    MutexLock lock(mutex_);
    failed_rounds_ = error.empty() ? 0 : failed_rounds_ + 1;
    hasten = failed_rounds_ > 0 && failed_rounds_ <= kHastyRounds;
    is_news = !error.empty() && error != rebalance_error_;
    rebalance_error_ = error;
    balanced_ = balanced_ || settled;
    changed_.NotifyAll();
  }
  if (is_news) Log(Severity::info, error);
  if (!hasten) return;
  runtime_->After(kPauseAfterFailedRound, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->RequestRebalance();
  });
}

Result<void> PushConsumer::Impl::RebalanceTopic(const SubscriptionPtr& subscription) {
  const std::string& topic = subscription->topic;
  auto share = client::ShareOut(*runtime_, options_.group, options_.model, *strategy_, topic);
  const FirstLook first = RememberFirstLook(topic, share);
  if (!share) return share.error();
  if (!share->listed) runtime_->BeatNow();

  bool changed = false;
  for (const ProcessQueuePtr& queue : Queues()) {
    if (queue->queue().topic != topic) continue;
    const bool mine =
        std::binary_search(share->queues.begin(), share->queues.end(), queue->queue());
    if (!mine || queue->ordered() != subscription->ordered) {
      DropQueue(queue);
      changed = true;
    } else if (queue->subscription() != subscription) {
      // The new handler begins with what is not done yet.
      Replace(queue, subscription, queue->CommitOffset());
    }
  }
  auto adopted = AdoptQueues(subscription, share->queues, first);
  changed = changed || !adopted || *adopted;
  if (changed && topic != retry_topic_) TellAssignment();
  if (!adopted) return adopted.error();
  if (!share->listed) {
    return Error(Errc::not_owner, "the broker does not list this client as one of the group yet");
  }
  return {};
}

PushConsumer::Impl::FirstLook PushConsumer::Impl::RememberFirstLook(
    const std::string& topic, const Result<client::Share>& share) {
  MutexLock lock(mutex_);
  FirstLook& first =
      first_looks_.try_emplace(topic, FirstLook{SystemClock().WallNow(), {}}).first->second;
  if (first.queues) return first;
  if (share) {
    first.queues.emplace(share->all.begin(), share->all.end());
  } else if (share.error().code() == Errc::topic_not_found) {
    first.queues.emplace();
  }
  return first;
}

Result<bool> PushConsumer::Impl::AdoptQueues(const SubscriptionPtr& subscription,
                                             const std::vector<Queue>& queues,
                                             const FirstLook& first) {
  std::vector<Queue> missing;
  std::copy_if(queues.begin(), queues.end(), std::back_inserter(missing),
               [&](const Queue& queue) { return FindQueue(queue) == nullptr; });
  Result<void> outcome;
  MonoTime locked_until = MonoTime::max();
  if (subscription->ordered && options_.model == Model::clustering && !missing.empty()) {
    locked_until = SystemClock().Now() + client::kLockLife;
    const std::set<Queue> granted = Lock(missing, &outcome);
    const auto refused =
        std::erase_if(missing, [&](const Queue& queue) { return !granted.contains(queue); });
    if (refused > 0 && outcome) {
      outcome = Error(Errc::not_owner, Concat(refused, " queues are locked by another consumer"));
    }
  }
  for (const Queue& queue : missing) {
    auto adopted = AdoptQueue(subscription, queue, first, locked_until);
    if (!adopted) outcome = adopted;
  }
  if (!outcome) return outcome.error();
  return !missing.empty();
}

Result<void> PushConsumer::Impl::AdoptQueue(const SubscriptionPtr& subscription, const Queue& queue,
                                            const FirstLook& first, MonoTime locked_until) {
  auto start = StartOffset(queue, first);
  if (!start) return start.error();
  const auto made = MakeQueue(subscription, queue, *start);
  made->SetLocked(locked_until);
  {
    MutexLock lock(mutex_);
    if (!running() || subscriptions_.Find(queue.topic) != subscription) {
      made->Drop();
    } else {
      made->SetPaused(IsPaused(queue.topic));
      queues_[queue] = made;
    }
  }
  if (!made->dropped()) {
    Pull(made);
  } else if (made->ordered() && options_.model == Model::clustering) {
    client::UnlockQueues(runtime_, calls_.wire_group(), {queue});
  }
  return {};
}

ProcessQueuePtr PushConsumer::Impl::MakeQueue(const SubscriptionPtr& subscription,
                                              const Queue& queue, std::int64_t start) {
  client::CacheLimits limits;
  limits.messages = options_.cache_messages;
  limits.bytes = options_.cache_bytes;
  limits.span = options_.max_span;
  limits.total_bytes = options_.total_cache_bytes;
  std::shared_ptr<client::ProcessQueue::Turn> turn;
  {
    MutexLock lock(mutex_);
    auto& place = turns_[queue];
    if (place == nullptr) place = std::make_shared<client::ProcessQueue::Turn>(false);
    turn = place;
  }
  return std::make_shared<client::ProcessQueue>(queue, subscription, start, limits, cached_bytes_,
                                                std::move(turn));
}

void PushConsumer::Impl::DropQueue(const ProcessQueuePtr& queue) {
  {
    MutexLock lock(mutex_);
    const auto found = queues_.find(queue->queue());
    if (found != queues_.end() && found->second == queue) queues_.erase(found);
  }
  const auto offset = queue->Drop();
  if (!offset) return;
  // A handler at work unlocks when it has ended.
  const bool unlock = queue->ordered() && options_.model == Model::clustering && !queue->busy();
  CommitQueue(queue, *offset, [weak = weak_from_this(), queue, unlock] {
    const auto self = weak.lock();
    if (self == nullptr || !unlock || self->FindQueue(queue->queue()) != nullptr) return;
    client::UnlockQueues(self->runtime_, self->calls_.wire_group(), {queue->queue()});
  });
}

bool PushConsumer::Impl::Replace(const ProcessQueuePtr& queue, const SubscriptionPtr& subscription,
                                 std::int64_t offset) {
  const auto fresh = MakeQueue(subscription, queue->queue(), offset);
  {
    MutexLock lock(mutex_);
    const auto found = queues_.find(queue->queue());
    if (!running() || found == queues_.end() || found->second != queue) {
      fresh->Drop();
      return false;
    }
    fresh->SetPaused(IsPaused(queue->queue().topic));
    fresh->SetLocked(queue->locked_until());
    found->second = fresh;
  }
  queue->Drop();
  CommitQueue(fresh, offset);
  Pull(fresh);
  return true;
}

Result<std::int64_t> PushConsumer::Impl::StartOffset(const Queue& queue, const FirstLook& first) {
  if (options_.model == Model::broadcasting) {
    if (const auto kept = offset_file_.Find(queue)) return *kept;
  } else {
    auto committed = calls_.Committed(queue);
    if (!committed || *committed >= 0) return committed;
  }
  Result<std::int64_t> start = std::int64_t{0};
  if (queue.topic == retry_topic_) return start;
  switch (options_.start.kind) {
    case StartFrom::Kind::last:
      start = StartAtLast(queue, first);
      break;
    case StartFrom::Kind::first:
      start = calls_.BeginOffset(queue);
      break;
    case StartFrom::Kind::time:
      start = calls_.OffsetForTime(queue, options_.start.when);
      break;
  }
  if (start && options_.model == Model::broadcasting) offset_file_.Put(queue, *start);
  // Whoever gets the queue next must not begin later than this.
  if (start && options_.model == Model::clustering) {
    if (auto stored = calls_.Commit(queue, *start); !stored) return stored.error();
  }
  return start;
}

// A queue that its broker did not have before is new: all of it has come since. One of a broker (or
// a topic) that could not be seen at the first look may be old: what has come since that look.
Result<std::int64_t> PushConsumer::Impl::StartAtLast(const Queue& queue, const FirstLook& first) {
  if (!first.queues || first.queues->contains(queue)) return calls_.EndOffset(queue);
  const bool broker_known =
      std::any_of(first.queues->begin(), first.queues->end(),
                  [&](const Queue& known) { return known.broker == queue.broker; });
  if (broker_known) return calls_.BeginOffset(queue);
  return calls_.OffsetForTime(
      queue, std::chrono::system_clock::time_point(std::chrono::milliseconds(first.at_ms)));
}

bool PushConsumer::Impl::IsPaused(const std::string& topic) const {
  return paused_ || paused_topics_.contains(topic);
}

// One at a time, so that the last call has the last assignment.
void PushConsumer::Impl::TellAssignment() {
  {
    MutexLock lock(mutex_);
    if (!on_assignment_) return;
    tell_again_ = true;
    if (telling_) return;
    telling_ = true;
  }
  const bool submitted = threads_->Submit([self = shared_from_this()] {
    for (;;) {
      std::function<void(const std::vector<Queue>&)> callback;
      {
        MutexLock lock(self->mutex_);
        self->telling_ = self->tell_again_ && self->running();
        self->tell_again_ = false;
        if (!self->telling_) return;
        callback = self->on_assignment_;
      }
      const CallbackScope scope;
      const std::string thrown = client::CallForeign([&] { callback(self->Assignment()); });
      if (!thrown.empty()) {
        self->Log(Severity::error, Concat("the assignment callback has thrown: ", thrown));
      }
    }
  });
  if (submitted) return;
  MutexLock lock(mutex_);
  telling_ = false;
}

}  // namespace comet
