#include "broker/long_poll.h"

#include <algorithm>
#include <utility>

#include "remoting/base/check.h"

namespace comet::broker {

LongPoll::LongPoll(Executor& loop, Clock& clock, std::uint32_t loop_index, std::size_t parked_max)
    : loop_(loop), clock_(clock), loop_index_(loop_index), parked_max_(parked_max) {}

LongPoll::~LongPoll() {
  // A loop that has ended runs no timers.
  if (timer_ != 0 && loop_.OnOwnerThread()) loop_.Cancel(timer_);
}

void LongPoll::Park(store::QueueSlot* queue, std::int64_t index, MonoTime deadline, Retry retry) {
  COMET_CHECK(!full());
  const WaiterKey key{deadline, ++last_number_};
  waiters_.emplace(key, Waiter{queue, index, std::move(retry)});
  by_queue_[queue].push_back(key);
  // First the interest, then the end: the dispatcher does it the other way round, so an entry
  // that comes now is seen by one of the two.
  queue->SetInterest(loop_index_);
  if (queue->queue().end() > index) {
    // Not from here: a pull whose filter refuses much would nest without end.
    loop_.Post([this, key] { Wake(key, Woken::kArrival); });
  }
  ArmTimer();
}

void LongPoll::Wake(const WaiterKey& key, Woken why) {
  auto node = waiters_.extract(key);
  if (node.empty()) return;
  Waiter& waiter = node.mapped();
  const auto queue = by_queue_.find(waiter.queue);
  std::erase(queue->second, key);
  if (queue->second.empty()) by_queue_.erase(queue);
  waiter.retry(why);
}

void LongPoll::OnArrivals(const std::vector<Arrival>& arrivals) {
  for (const Arrival& arrival : arrivals) {
    const auto queue = by_queue_.find(arrival.queue);
    if (queue == by_queue_.end()) continue;
    std::vector<WaiterKey> due;  // waking changes the list
    bool others = false;
    for (const auto& key : queue->second) {
      const bool wanted = waiters_.at(key).index < arrival.end;
      if (wanted) due.push_back(key);
      others |= !wanted;
    }
    // The dispatcher took the interest when it told us; whoever goes on waiting needs it again.
    if (others) {
      arrival.queue->SetInterest(loop_index_);
      const auto end = arrival.queue->queue().end();
      for (const auto& key : queue->second) {
        const auto index = waiters_.at(key).index;
        if (index >= arrival.end && index < end) due.push_back(key);
      }
    }
    for (const auto& key : due) Wake(key, Woken::kArrival);
  }
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
  while (!waiters_.empty() && waiters_.begin()->first.first <= now) {
    Wake(WaiterKey(waiters_.begin()->first), Woken::kTimeout);
  }
  ArmTimer();
}

}  // namespace comet::broker
