#pragma once

#include <atomic>
#include <map>
#include <string>
#include <string_view>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"

namespace comet::client {

// Which brokers a producer should leave alone for a while: those that could not be reached, and, if
// wanted, slow ones, for times as RocketMQ's clients use. Thread-safe; costs one load while all are
// well.
class BrokerHealth {
 public:
  explicit BrokerHealth(bool avoid_slow) : avoid_slow_(avoid_slow) {}

  bool IsAvoided(std::string_view broker, MonoTime now) const EXCLUDES(mutex_);
  void OnAnswer(std::string_view broker, Duration took, MonoTime now) EXCLUDES(mutex_);
  void OnUnreachable(std::string_view broker, MonoTime now) EXCLUDES(mutex_);

 private:
  void Avoid(std::string_view broker, MonoTime until) EXCLUDES(mutex_);

  const bool avoid_slow_;
  std::atomic<MonoTime> all_well_from_ = MonoTime::min();
  mutable Mutex mutex_;
  std::map<std::string, MonoTime, std::less<>> avoided_until_ GUARDED_BY(mutex_);
};

}  // namespace comet::client
