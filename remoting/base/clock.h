#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace comet {

using Duration = std::chrono::nanoseconds;
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using WallMs = std::int64_t;  // milliseconds since the epoch, as stored in messages

// The only source of time. Production reads the kernel; tests move it by hand.
// Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual MonoTime Now() const = 0;    // measures intervals; never goes back
  virtual WallMs WallNow() const = 0;  // stamps messages; may jump
};

// The kernel's clocks; lives as long as the process.
Clock& SystemClock();

// Stands still until a test moves it. Both readings move together.
class ManualClock : public Clock {
 public:
  explicit ManualClock(WallMs wall_ms = 1'700'000'000'000) : wall_start_ms_(wall_ms) {}
  MonoTime Now() const override;
  WallMs WallNow() const override;
  void Advance(Duration by);

 private:
  const WallMs wall_start_ms_;
  std::atomic<std::int64_t> elapsed_ns_ = 0;
};

}  // namespace comet
