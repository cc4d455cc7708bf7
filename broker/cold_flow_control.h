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
// A read is booked before it is made, at a guess from the last ones of its group, because what it
// takes from the disk is known only behind it: it may have to skip much for its filter, or find
// that another reader has brought everything into memory. Then the booking is corrected. A group
// whose reads are long over is forgotten; whoever changes the limits lets everybody begin anew.
// Any thread.
class ColdFlowControl {
 public:
  static constexpr Duration kWindow = std::chrono::seconds(5);
  // No client gives up so soon.
  static constexpr Duration kWaitMax = std::chrono::seconds(1);
  // What was not used so long ago may still be: who asks again at once gets all of his share.
  static constexpr Duration kCredit = std::chrono::milliseconds(20);
  static constexpr std::int64_t kFirstGuessBytes = 128 << 10, kGuessBytesMin = 4096;

  struct Limits {
    std::int64_t group_bytes = 0;  // cgColdReadThreshold, at least 1
    std::int64_t all_bytes = 0;    // globalColdReadThreshold, at least 1
    bool operator==(const Limits&) const = default;
  };
  struct Booking {
    Duration wait;  // before the read
    std::int64_t bytes;
    bool operator==(const Booking&) const = default;
  };

  explicit ColdFlowControl(const Clock& clock) : clock_(clock) {}

  // Nothing, and nothing is booked, when the read would have to wait longer than kWaitMax. A read
  // takes a window at most, however long it is: every group gets one now and then.
  std::optional<Booking> Book(std::string_view group, const Limits& limits) EXCLUDES(mutex_);
  // What the booked read has taken from the disk; 0 if it was not made.
  void Settle(std::string_view group, const Booking& booking, std::int64_t bytes) EXCLUDES(mutex_);

  std::size_t groups() const EXCLUDES(mutex_);  // of which something is kept

 private:
  struct Group {
    MonoTime busy_until;
    std::int64_t guess = kFirstGuessBytes;
  };

  Group& GroupOf(std::string_view name) REQUIRES(mutex_);
  void TakeLimits(const Limits& limits) REQUIRES(mutex_);
  void ForgetIdle(MonoTime earliest) REQUIRES(mutex_);

  const Clock& clock_;
  mutable Mutex mutex_;
  Limits limits_ GUARDED_BY(mutex_);
  MonoTime all_busy_until_ GUARDED_BY(mutex_);
  std::map<std::string, Group, std::less<>> by_group_ GUARDED_BY(mutex_);
  MonoTime idle_forgotten_ GUARDED_BY(mutex_);
};

}  // namespace comet::broker
