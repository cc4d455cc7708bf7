#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/limits.h"
#include "remoting/net/connection_id.h"
#include "store/queue_slot.h"

namespace comet::broker {

// Pull requests of one loop that found no message and wait for one. Event-driven: a waiter wakes
// when its queue grows or its time is over; nothing is scanned. Of many that are due at once some
// wake in this turn of the loop and the others in the next ones, so that nobody else waits.
//
// Owner thread only: no lock. The dispatch thread tells a loop of arrivals in batches, and only
// of queues that loop asked for (QueueSlot::SetInterest).
class LongPoll {
 public:
  struct Arrival {
    store::QueueSlot* queue;
    std::int64_t end;
  };
  enum class Woken { kArrival, kTimeout };
  // Runs the pull again. After kArrival it may park again; after kTimeout it answers.
  using Retry = UniqueFunction<void(Woken)>;

  // `loop_index` is the bit under which arrivals are asked for.
  static constexpr std::size_t kWakesPerTurn = 256;
  LongPoll(Executor& loop, Clock& clock, std::uint32_t loop_index,
           std::size_t parked_max = limits::kParkedPullsPerLoopMax);
  ~LongPoll();
  LongPoll(const LongPoll&) = delete;
  LongPoll& operator=(const LongPoll&) = delete;

  bool full() const { return waiters_.size() >= parked_max_; }
  // Waits until `queue` holds entry `index` or `deadline` passes. If the entry is already there,
  // `retry` is posted. Not to be called when full.
  void Park(store::QueueSlot* queue, std::int64_t index, MonoTime deadline,
            net::ConnectionId connection, Retry retry);
  // The connection has gone: its waiters give up their places without being run.
  void Forget(net::ConnectionId connection);

  void OnArrivals(const std::vector<Arrival>& arrivals);
  // Wakes everybody as if their time were over; for an orderly stop.
  void WakeAll();
  std::size_t parked() const { return waiters_.size(); }

 private:
  using WaiterKey = std::pair<MonoTime, std::uint64_t>;  // deadline, then a number of its own
  struct Waiter {
    store::QueueSlot* queue;
    std::int64_t index;
    net::ConnectionId connection;
    Retry retry;
    bool due;  // in due_, and no longer in by_queue_
  };
  using Keys = std::set<WaiterKey>;

  void Wake(const WaiterKey& key, Woken why);
  void TakeDue(Keys* keys, std::int64_t end);
  void WakeDue();
  void ArmTimer();
  void OnTimer();

  Executor& loop_;
  Clock& clock_;
  const std::uint32_t loop_index_;
  const std::size_t parked_max_;
  std::map<WaiterKey, Waiter> waiters_;  // by deadline
  std::unordered_map<store::QueueSlot*, Keys> by_queue_;
  std::unordered_map<net::ConnectionId, Keys> by_connection_;
  std::deque<WaiterKey> due_;  // their entry has arrived; they may have gone since
  bool waking_due_ = false;
  std::uint64_t last_number_ = 0;
  Executor::TimerId timer_ = 0;
  MonoTime timer_at_;
};

}  // namespace comet::broker
