#include "sdk/src/broker_health.h"

#include <algorithm>
#include <array>
#include <functional>

namespace comet::client {
namespace {

using std::chrono::milliseconds;

// RocketMQ's table: an answer that took `from` keeps its broker out for `avoided`.
struct LatencyClass {
  milliseconds from, avoided;
};
constexpr std::array kClasses{LatencyClass{milliseconds(15000), milliseconds(30000)},
                              LatencyClass{milliseconds(5000), milliseconds(10000)},
                              LatencyClass{milliseconds(3000), milliseconds(6000)},
                              LatencyClass{milliseconds(1800), milliseconds(5000)},
                              LatencyClass{milliseconds(550), milliseconds(2000)}};
constexpr milliseconds kUnreachableCountsAs(10000);  // with the table
constexpr milliseconds kUnreachableAvoided(2000);    // without it

Duration AvoidedAfter(Duration took) {
  for (const LatencyClass& one : kClasses) {
    if (took >= one.from) return one.avoided;
  }
  return Duration::zero();
}

}  // namespace

bool BrokerHealth::IsAvoided(std::string_view broker, MonoTime now) const {
  if (now >= all_well_from_.load(std::memory_order_relaxed)) return false;
  MutexLock lock(mutex_);
  const auto found = avoided_until_.find(broker);
  return found != avoided_until_.end() && now < found->second;
}

void BrokerHealth::OnAnswer(std::string_view broker, Duration took, MonoTime now) {
  if (avoid_slow_) {
    if (const Duration avoided = AvoidedAfter(took); avoided > Duration::zero()) {
      return Avoid(broker, now + avoided);
    }
  }
  if (IsAvoided(broker, now)) Avoid(broker, MonoTime::min());
}

void BrokerHealth::OnUnreachable(std::string_view broker, MonoTime now) {
  Avoid(broker, now + (avoid_slow_ ? AvoidedAfter(kUnreachableCountsAs) : kUnreachableAvoided));
}

void BrokerHealth::Avoid(std::string_view broker, MonoTime until) {
  MutexLock lock(mutex_);
  auto found = avoided_until_.find(broker);
  if (found == avoided_until_.end()) found = avoided_until_.emplace(broker, until).first;
  found->second = until;
  MonoTime latest = MonoTime::min();
  for (const auto& [name, time] : avoided_until_) latest = std::max(latest, time);
  all_well_from_.store(latest, std::memory_order_relaxed);
}

}  // namespace comet::client
