#pragma once

#include <algorithm>
#include <chrono>

#include "remoting/base/clock.h"

namespace comet::client {

// Between two pulls of a queue without new messages, when brokers do not hold pulls.
inline constexpr Duration kPauseWithoutSuspend = std::chrono::milliseconds(100);

// "For ever" must not overflow a time.
inline Duration Bounded(std::chrono::milliseconds time) {
  return std::min<std::chrono::milliseconds>(time, std::chrono::hours(24 * 365));
}

}  // namespace comet::client
