#include "broker/cold_flow_control.h"

#include <algorithm>

namespace comet::broker {
namespace {

// The part of the window that so many bytes take.
Duration TimeOf(std::int64_t bytes, std::int64_t bytes_a_window) {
  const double part = static_cast<double>(bytes) / static_cast<double>(bytes_a_window);
  const auto window = static_cast<double>(ColdFlowControl::kWindow.count());
  return Duration(static_cast<std::int64_t>(std::min(part, 1.0) * window));
}

}  // namespace

std::optional<Duration> ColdFlowControl::WaitOf(std::string_view group) const {
  const auto now = clock_.Now();
  MutexLock lock(mutex_);
  const auto known = of_group_.find(group);
  if (known == of_group_.end() || known->second <= now) return Duration::zero();
  const Duration wait = known->second - now;
  return wait > kWaitMax ? std::nullopt : std::optional(wait);
}

Duration ColdFlowControl::Charge(std::string_view group, std::int64_t bytes, const Limits& limits) {
  const auto now = clock_.Now();
  const auto earliest = now - kCredit;
  MutexLock lock(mutex_);
  ForgetIdle(earliest);
  auto known = of_group_.find(group);
  if (known == of_group_.end()) known = of_group_.emplace(group, earliest).first;
  known->second = std::max(known->second, earliest) + TimeOf(bytes, limits.group_bytes);
  const auto begin = std::max(of_all_, earliest);
  of_all_ = begin + TimeOf(bytes, limits.all_bytes);
  return std::max(begin - now, Duration::zero());
}

void ColdFlowControl::Wait(Duration time) {
  const auto end = clock_.Now() + time;
  MutexLock lock(mutex_);
  while (!stopped_) {
    const Duration left = end - clock_.Now();
    if (left <= Duration::zero()) return;
    stopping_.WaitFor(mutex_, left);
  }
}

void ColdFlowControl::Stop() {
  MutexLock lock(mutex_);
  stopped_ = true;
  stopping_.NotifyAll();
}

std::size_t ColdFlowControl::groups() const {
  MutexLock lock(mutex_);
  return of_group_.size();
}

void ColdFlowControl::ForgetIdle(MonoTime earliest) {
  if (earliest - idle_forgotten_ < kWindow) return;
  idle_forgotten_ = earliest;
  std::erase_if(of_group_, [&](const auto& group) { return group.second <= earliest; });
}

}  // namespace comet::broker
