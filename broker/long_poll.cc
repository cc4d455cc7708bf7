#include "broker/long_poll.h"

#include <algorithm>
#include <utility>

#include "remoting/base/check.h"

namespace comet::broker {

namespace {

// Out of an index whose lists are not kept when they are empty.
template <class Index, class Of, class Key>
void EraseFrom(Index* index, const Of& of, const Key& key) {
  const auto found = index->find(of);
  found->second.erase(key);
  if (found->second.empty()) index->erase(found);
}

}  // namespace

LongPoll::LongPoll(Executor& loop, Clock& clock, std::uint32_t loop_index, std::size_t parked_max)
    : loop_(loop), clock_(clock), loop_index_(loop_index), parked_max_(parked_max) {}

LongPoll::~LongPoll() {
  // A loop that has ended runs no timers.
  if (timer_ != 0 && loop_.OnOwnerThread()) loop_.Cancel(timer_);
}

void LongPoll::Park(store::QueueSlot* queue, std::int64_t index, MonoTime deadline,
                    net::ConnectionId connection, Retry retry) {
  COMET_CHECK(!full());
  const WaiterKey key{deadline, ++last_number_};
  waiters_.emplace(key, Waiter{queue, index, connection, std::move(retry), false});
  by_queue_[queue].insert(key);
  by_connection_[connection].insert(key);
  // First the interest, then the end: the dispatcher does it the other way round, so an entry
  // that comes now is seen by one of the two.
  queue->SetInterest(loop_index_);
  if (queue->queue().end() > index) {
    // Not from here: a pull whose filter refuses much would nest without end.
    loop_.Post([this, key] { Wake(key, Woken::kArrival); });
  }
  ArmTimer();
}

void LongPoll::Forget(net::ConnectionId connection) {
  const auto gone = by_connection_.extract(connection);
  if (gone.empty()) return;
  for (const auto& key : gone.mapped()) {
    const auto node = waiters_.extract(key);
    const Waiter& waiter = node.mapped();
    if (!waiter.due) EraseFrom(&by_queue_, waiter.queue, key);
  }
}

void LongPoll::Wake(const WaiterKey& key, Woken why) {
  auto node = waiters_.extract(key);
  if (node.empty()) return;
  Waiter& waiter = node.mapped();
  if (!waiter.due) EraseFrom(&by_queue_, waiter.queue, key);
  EraseFrom(&by_connection_, waiter.connection, key);
  waiter.retry(why);
}

void LongPoll::OnArrivals(const std::vector<Arrival>& arrivals) {
  for (const Arrival& arrival : arrivals) {
    const auto queue = by_queue_.find(arrival.queue);
    if (queue == by_queue_.end()) continue;
    TakeDue(&queue->second, arrival.end);
    if (!queue->second.empty()) {
      // The dispatcher took the interest when it told us; whoever goes on waiting needs it again.
      arrival.queue->SetInterest(loop_index_);
      TakeDue(&queue->second, arrival.queue->queue().end());
    }
    if (queue->second.empty()) by_queue_.erase(queue);
  }
  if (!waking_due_) WakeDue();
}

void LongPoll::TakeDue(Keys* keys, std::int64_t end) {
  for (auto key = keys->begin(); key != keys->end();) {
    Waiter& waiter = waiters_.at(*key);
    if (waiter.index >= end) {
      ++key;
      continue;
    }
    waiter.due = true;
    due_.push_back(*key);
    key = keys->erase(key);
  }
}

void LongPoll::WakeDue() {
  for (std::size_t i = 0; i < kWakesPerTurn && !due_.empty(); ++i) {
    const WaiterKey key = due_.front();
    due_.pop_front();
    Wake(key, Woken::kArrival);
  }
  waking_due_ = !due_.empty();
  if (waking_due_) loop_.Post([this] { WakeDue(); });
}

void LongPoll::WakeAll() {
  while (!waiters_.empty()) Wake(WaiterKey(waiters_.begin()->first), Woken::kTimeout);
}

void LongPoll::ArmTimer() {
  if (waiters_.empty()) return;
  const auto first = waiters_.begin()->first.first;
  if (timer_ != 0 && timer_at_ <= first) return;
  if (timer_ != 0) loop_.Cancel(timer_);
  timer_at_ = first;
  timer_ = loop_.After(std::max(Duration::zero(), first - clock_.Now()), [this] { OnTimer(); });
}

void LongPoll::OnTimer() {
  timer_ = 0;
  const auto now = clock_.Now();
  for (std::size_t i = 0; i < kWakesPerTurn; ++i) {
    if (waiters_.empty() || waiters_.begin()->first.first > now) break;
    Wake(WaiterKey(waiters_.begin()->first), Woken::kTimeout);
  }
  ArmTimer();
}

}  // namespace comet::broker
