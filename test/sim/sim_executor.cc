#include "test/sim/sim_executor.h"

#include <algorithm>

namespace comet::sim {

void SimExecutor::Post(Task task) {
  MutexLock lock(mutex_);
  tasks_.push_back(std::move(task));
}

Executor::TimerId SimExecutor::After(Duration delay, Task task) {
  MutexLock lock(mutex_);
  timers_.emplace(std::pair(clock_.Now() + delay, ++last_timer_), std::move(task));
  return last_timer_;
}

void SimExecutor::Cancel(TimerId id) {
  MutexLock lock(mutex_);
  std::erase_if(timers_, [id](const auto& timer) { return timer.first.second == id; });
}

bool SimExecutor::Step() {
  Task task = Next();
  if (!task) return false;
  task();
  return true;
}

Task SimExecutor::Next() {
  MutexLock lock(mutex_);
  Task task;
  if (!tasks_.empty()) {
    task = std::move(tasks_.front());
    tasks_.pop_front();
  } else if (!timers_.empty() && timers_.begin()->first.first <= clock_.Now()) {
    task = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
  }
  return task;
}

}  // namespace comet::sim
