#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"

namespace comet::broker {

// Spreads what consumer groups read from the disk over time, so that one that catches up leaves
// disk and processors to the sends: so many bytes each five seconds for a group, and for all
// together, as RocketMQ counts them (coldDataFlowControlEnable).
//
// A read is charged just before it is made, by what is to come from the disk: what another reader
// has brought into memory since it was asked for is free. A group that has had its share is asked
// to wait before it gets into line for the disk; the line itself moves as everybody's share allows.
// Nothing is kept of a group that has not read lately. Any thread.
class ColdFlowControl {
 public:
  static constexpr Duration kWindow = std::chrono::seconds(5);
  // No client gives up so soon.
  static constexpr Duration kWaitMax = std::chrono::seconds(3);
  // What was not used so long ago may still be: who asks again at once gets all of his share.
  static constexpr Duration kCredit = std::chrono::milliseconds(20);

  struct Limits {
    std::int64_t group_bytes = 0;  // cgColdReadThreshold, at least 1
    std::int64_t all_bytes = 0;    // globalColdReadThreshold, at least 1
  };

  explicit ColdFlowControl(const Clock& clock) : clock_(clock) {}

  // How long the group has to wait before it reads. Nothing: longer than kWaitMax.
  std::optional<Duration> WaitOf(std::string_view group) const EXCLUDES(mutex_);
  // Takes the time of so many bytes from the group and from everybody, a window's at most.
  // Returns how long those charged before still need, which is to be waited for.
  Duration Charge(std::string_view group, std::int64_t bytes, const Limits& limits)
      EXCLUDES(mutex_);
  void Wait(Duration time) EXCLUDES(mutex_);
  // Nobody waits any longer, now or later.
  void Stop() EXCLUDES(mutex_);

  std::size_t groups() const EXCLUDES(mutex_);  // of which something is kept

 private:
  void ForgetIdle(MonoTime earliest) REQUIRES(mutex_);

  const Clock& clock_;
  mutable Mutex mutex_;
  CondVar stopping_;
  bool stopped_ GUARDED_BY(mutex_) = false;
  // Until when the reads that were charged take.
  MonoTime of_all_ GUARDED_BY(mutex_);
  std::map<std::string, MonoTime, std::less<>> of_group_ GUARDED_BY(mutex_);
  MonoTime idle_forgotten_ GUARDED_BY(mutex_);
};

}  // namespace comet::broker
