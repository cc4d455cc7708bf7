#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>

#include "remoting/base/clock.h"

namespace comet::broker {

// Events a second of some totals over the last 10, 60 and 600 seconds. Not thread-safe.
class Rates {
 public:
  enum Which : std::size_t { kPut, kFound, kMissed, kTransferred, kCount };
  using Totals = std::array<std::int64_t, kCount>;

  void Sample(MonoTime now, const Totals& totals);  // every second

  // "10s 60s 600s" as runtime information shows it. A window that is longer than the time so far
  // is as long as that.
  std::string Text(Which which) const { return Text(Pick{1U << which}); }
  std::string TotalText() const { return Text(Pick{1U << kFound | 1U << kMissed}); }

 private:
  struct Pick {
    unsigned bits;
  };
  struct Point {
    MonoTime at;
    Totals totals;
  };
  std::string Text(Pick pick) const;
  double PerSecond(Pick pick, std::size_t seconds) const;

  std::deque<Point> points_;
};

// Totals as they were at the last two midnights, by local time. Not thread-safe.
class DayTotals {
 public:
  struct Values {
    std::int64_t put = 0, get = 0;
  };

  void Tick(WallMs now_ms, Values now);  // now and then
  Values this_morning() const { return this_morning_; }
  Values yesterday_morning() const { return yesterday_morning_; }

 private:
  int day_ = -1;
  Values this_morning_, yesterday_morning_;
};

}  // namespace comet::broker
