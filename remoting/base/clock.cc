#include "remoting/base/clock.h"

namespace comet {
namespace {

class KernelClock : public Clock {
 public:
  MonoTime Now() const override { return std::chrono::steady_clock::now(); }
  WallMs WallNow() const override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
  }
};

}  // namespace

Clock& SystemClock() {
  static KernelClock clock;
  return clock;
}

MonoTime ManualClock::Now() const {
  return MonoTime(Duration(elapsed_ns_.load()));
}

WallMs ManualClock::WallNow() const {
  return wall_start_ms_ +
         std::chrono::duration_cast<std::chrono::milliseconds>(Duration(elapsed_ns_.load()))
             .count();
}

void ManualClock::Advance(Duration by) {
  elapsed_ns_.fetch_add(by.count());
}

}  // namespace comet
