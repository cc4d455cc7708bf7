#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"

namespace comet::broker {

// Which client may consume a queue in order. A lock is a lease: it ends 60 s after its owner last
// asked for it, so a client that dies blocks a queue no longer than that.
//
// Any thread. Nothing is persisted: after a restart clients simply lock again.
class QueueLocks {
 public:
  static constexpr std::int64_t kLeaseMs = 60'000;
  static constexpr std::size_t kLocksMax = 1'000'000;

  struct Queue {
    std::string broker, topic;
    std::int32_t queue_id = 0;
    auto operator<=>(const Queue&) const = default;
  };

  explicit QueueLocks(const Clock& clock) : clock_(clock) {}

  // True when `client_id` holds the queue afterwards: it was free, expired or its own.
  bool TryLock(std::string_view group, const Queue& queue, std::string_view client_id)
      EXCLUDES(mutex_);
  // Only the owner unlocks; anybody else changes nothing.
  void Unlock(std::string_view group, const Queue& queue, std::string_view client_id)
      EXCLUDES(mutex_);
  // Whether any queue of the group is held now.
  bool AnyHeld(std::string_view group) const EXCLUDES(mutex_);
  // Drops what has expired; called now and then so that dead groups cost nothing.
  void Expire() EXCLUDES(mutex_);

 private:
  struct Lease {
    std::string client_id;
    std::int64_t renewed_ms = 0;
  };
  using Leases = std::map<Queue, Lease>;

  std::int64_t NowMs() const;

  const Clock& clock_;
  mutable Mutex mutex_;
  std::map<std::string, Leases, std::less<>> groups_ GUARDED_BY(mutex_);
  std::size_t size_ GUARDED_BY(mutex_) = 0;
};

}  // namespace comet::broker
