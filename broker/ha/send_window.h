#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

#include "remoting/base/clock.h"

namespace comet::broker {

// How many bytes may still be sent in the second under way. The last frame of a second may be
// larger than what was left; the next second then has less.
class SendWindow {
 public:
  // At `now`, with so many bytes allowed for each second; 0: as many as one likes.
  std::int64_t Left(MonoTime now, std::int64_t bytes_per_second) {
    if (bytes_per_second == 0) return std::numeric_limits<std::int64_t>::max();
    if (now >= begins_ + kSecond) {
      const auto over = sent_ > bytes_per_second ? sent_ - bytes_per_second : 0;
      sent_ = now >= begins_ + 2 * kSecond ? 0 : over;
      begins_ = now;
    }
    return bytes_per_second - sent_;
  }
  void Sent(std::int64_t bytes) { sent_ += bytes; }
  Duration UntilNext(MonoTime now) const { return begins_ + kSecond - now; }

 private:
  static constexpr Duration kSecond = std::chrono::seconds(1);
  MonoTime begins_{};
  std::int64_t sent_ = 0;
};

}  // namespace comet::broker
