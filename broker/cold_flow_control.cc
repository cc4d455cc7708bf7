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

std::optional<ColdFlowControl::Booking> ColdFlowControl::Book(std::string_view group,
                                                              const Limits& limits) {
  const auto now = clock_.Now();
  const auto earliest = now - kCredit;
  MutexLock lock(mutex_);
  TakeLimits(limits);
  ForgetIdle(earliest);
  Group& own = GroupOf(group);
  own.busy_until = std::max(own.busy_until, earliest);
  all_busy_until_ = std::max(all_busy_until_, earliest);
  const auto begin = std::max({own.busy_until, all_busy_until_, now});
  if (begin - now > kWaitMax) return std::nullopt;
  own.busy_until += TimeOf(own.guess, limits.group_bytes);
  all_busy_until_ += TimeOf(own.guess, limits.all_bytes);
  return Booking{begin - now, own.guess};
}

void ColdFlowControl::Settle(std::string_view group, const Booking& booking, std::int64_t bytes) {
  constexpr std::int64_t kReadsInGuess = 4;
  MutexLock lock(mutex_);
  Group& own = GroupOf(group);
  own.busy_until += TimeOf(bytes, limits_.group_bytes) - TimeOf(booking.bytes, limits_.group_bytes);
  all_busy_until_ += TimeOf(bytes, limits_.all_bytes) - TimeOf(booking.bytes, limits_.all_bytes);
  own.guess = std::max(own.guess + (bytes - own.guess) / kReadsInGuess, kGuessBytesMin);
}

std::size_t ColdFlowControl::groups() const {
  MutexLock lock(mutex_);
  return by_group_.size();
}

ColdFlowControl::Group& ColdFlowControl::GroupOf(std::string_view name) {
  const auto known = by_group_.find(name);
  return known != by_group_.end() ? known->second : by_group_.emplace(name, Group{}).first->second;
}

void ColdFlowControl::TakeLimits(const Limits& limits) {
  if (limits == limits_) return;
  limits_ = limits;
  by_group_.clear();
  all_busy_until_ = {};
}

void ColdFlowControl::ForgetIdle(MonoTime earliest) {
  if (earliest - idle_forgotten_ < kWindow) return;
  idle_forgotten_ = earliest;
  std::erase_if(by_group_, [&](const auto& group) { return group.second.busy_until <= earliest; });
}

}  // namespace comet::broker
