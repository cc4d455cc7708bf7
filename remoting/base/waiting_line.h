#pragma once

#include <cstddef>
#include <deque>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"

namespace comet {

// Watches a line that is served in order: how many wait, and how long the first has. Any thread.
class WaitingLine {
 public:
  struct State {
    std::size_t size = 0;
    Duration head_wait{};
  };

  void Enter(MonoTime now) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    since_.push_back(now);
  }
  void LeaveFirst() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (!since_.empty()) since_.pop_front();
  }
  State At(MonoTime now) const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (since_.empty()) return {};
    return {since_.size(), now - since_.front()};
  }

 private:
  mutable Mutex mutex_;
  std::deque<MonoTime> since_ GUARDED_BY(mutex_);
};

}  // namespace comet
