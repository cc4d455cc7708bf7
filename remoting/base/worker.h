#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "remoting/base/executor.h"
#include "remoting/base/mutex.h"

namespace comet {

// A thread as an Executor: for work that may block. Starts at construction.
// Post: any thread. After, Cancel: the worker's own thread, or any thread before the first Post.
class Worker final : public Executor {
 public:
  // `clock` must outlive the worker. Timers wait in real time, so a clock that stands still only
  // delays them.
  explicit Worker(std::string name, Clock& clock = SystemClock());
  ~Worker() override { Stop(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Post(Task task) override EXCLUDES(mutex_);  // after Stop: dropped without running
  TimerId After(Duration delay, Task task) override EXCLUDES(mutex_);
  void Cancel(TimerId id) override EXCLUDES(mutex_);
  bool OnOwnerThread() const override { return std::this_thread::get_id() == owner_.load(); }

  // Runs what was posted before, drops timers that are not due, joins. Idempotent; not from a task.
  void Stop() EXCLUDES(mutex_);

 private:
  void Run() EXCLUDES(mutex_);
  // The next task to run, an empty one when the worker is to end; waits until there is either.
  Task Next() EXCLUDES(mutex_);
  void MoveDueTimers() REQUIRES(mutex_);

  const std::string name_;
  Clock& clock_;
  Mutex mutex_;
  CondVar wake_;
  std::deque<Task> tasks_ GUARDED_BY(mutex_);
  std::map<std::pair<MonoTime, TimerId>, Task> timers_ GUARDED_BY(mutex_);
  std::map<TimerId, MonoTime> timer_times_ GUARDED_BY(mutex_);
  TimerId last_timer_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::atomic<std::thread::id> owner_;
  std::thread thread_;  // last: the others are there before it runs
};

}  // namespace comet
