#include "broker/queue_locks.h"

#include <algorithm>

namespace comet::broker {

std::int64_t QueueLocks::NowMs() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.Now().time_since_epoch())
      .count();
}

bool QueueLocks::TryLock(std::string_view group, const Queue& queue, std::string_view client_id) {
  const auto now_ms = NowMs();
  MutexLock lock(mutex_);
  auto leases = groups_.find(group);
  if (leases == groups_.end()) leases = groups_.emplace(group, Leases{}).first;
  const auto found = leases->second.find(queue);
  if (found == leases->second.end()) {
    if (size_ >= kLocksMax) return false;
    leases->second.emplace(queue, Lease{std::string(client_id), now_ms});
    ++size_;
    return true;
  }
  Lease& lease = found->second;
  if (lease.client_id != client_id && now_ms - lease.renewed_ms <= kLeaseMs) return false;
  lease.client_id = client_id;
  lease.renewed_ms = now_ms;
  return true;
}

void QueueLocks::Unlock(std::string_view group, const Queue& queue, std::string_view client_id) {
  MutexLock lock(mutex_);
  const auto leases = groups_.find(group);
  if (leases == groups_.end()) return;
  const auto found = leases->second.find(queue);
  if (found == leases->second.end() || found->second.client_id != client_id) return;
  leases->second.erase(found);
  --size_;
  if (leases->second.empty()) groups_.erase(leases);
}

bool QueueLocks::AnyHeld(std::string_view group) const {
  const auto now_ms = NowMs();
  MutexLock lock(mutex_);
  const auto leases = groups_.find(group);
  return leases != groups_.end() &&
         std::any_of(leases->second.begin(), leases->second.end(), [&](const auto& entry) {
           return now_ms - entry.second.renewed_ms <= kLeaseMs;
         });
}

void QueueLocks::Expire() {
  const auto now_ms = NowMs();
  MutexLock lock(mutex_);
  for (auto group = groups_.begin(); group != groups_.end();) {
    size_ -= std::erase_if(group->second, [&](const auto& entry) {
      return now_ms - entry.second.renewed_ms > kLeaseMs;
    });
    group = group->second.empty() ? groups_.erase(group) : std::next(group);
  }
}

}  // namespace comet::broker
