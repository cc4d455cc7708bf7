#pragma once

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"

namespace comet {

// Lets time pass: how long a fault lasts.
inline void Hold(Duration time) {
  const MonoTime end = SystemClock().Now() + time;
  Mutex mutex;
  CondVar nobody;
  MutexLock lock(mutex);
  for (MonoTime now = SystemClock().Now(); now < end; now = SystemClock().Now()) {
    nobody.WaitFor(mutex, end - now);
  }
}

// Looks again and again at what other threads or processes do. False when the time is over first.
template <class Condition>
bool Eventually(Duration within, Condition condition) {
  constexpr Duration kBetween = std::chrono::milliseconds(1);
  const MonoTime end = SystemClock().Now() + within;
  while (!condition()) {
    if (SystemClock().Now() >= end) return false;
    Hold(kBetween);
  }
  return true;
}

}  // namespace comet
