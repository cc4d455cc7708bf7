#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <utility>

#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/mutex.h"

namespace comet::sim {

// An executor whose tasks run when the test says so, on the test's thread.
class SimExecutor : public Executor {
 public:
  explicit SimExecutor(const Clock& clock) : clock_(clock) {}

  void Post(Task task) override EXCLUDES(mutex_);
  TimerId After(Duration delay, Task task) override EXCLUDES(mutex_);
  void Cancel(TimerId id) override EXCLUDES(mutex_);
  bool OnOwnerThread() const override { return true; }
  std::size_t timers() EXCLUDES(mutex_) {  // not yet due, or not yet run
    MutexLock lock(mutex_);
    return timers_.size();
  }

  bool Step() EXCLUDES(mutex_);  // runs one task or due timer; false when there is none
  void RunReady() {
    while (Step()) {}
  }

 private:
  Task Next() EXCLUDES(mutex_);

  const Clock& clock_;
  Mutex mutex_;
  std::deque<Task> tasks_ GUARDED_BY(mutex_);
  std::map<std::pair<MonoTime, TimerId>, Task> timers_ GUARDED_BY(mutex_);
  TimerId last_timer_ GUARDED_BY(mutex_) = 0;
};

}  // namespace comet::sim
