#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/mutex.h"

namespace comet::client {

// The threads on which handlers of one consumer run. They are started when there is work for
// them, and end after a minute without. While tasks are short one thread does them all: waking a
// second one costs more than it brings. Threads keep this object alive, nobody joins them.
// Thread-safe.
class HandlerThreads : public std::enable_shared_from_this<HandlerThreads> {
 public:
  // Runs the task once, after the delay, on any thread.
  using After = std::function<void(Duration, Task)>;

  HandlerThreads(int limit, After after);

  // Tasks begin in the order submitted. Dropped, and false, after Close.
  bool Submit(Task task) EXCLUDES(mutex_);
  void SetLimit(int limit) EXCLUDES(mutex_);

  // Drops the tasks that have not begun; threads end.
  void Close() EXCLUDES(mutex_);
  // After Close: until every thread has ended. False when the time passed first. Not on one of
  // these threads.
  bool AwaitEnd(MonoTime deadline) EXCLUDES(mutex_);
  int count() const EXCLUDES(mutex_);

 private:
  void Run() EXCLUDES(mutex_);
  bool Next(Task* task) REQUIRES(mutex_);
  bool LookOut() REQUIRES(mutex_);
  // One more thread at work, if there may be one.
  bool Reinforce() REQUIRES(mutex_);
  void WatchLater() REQUIRES(mutex_);
  void Watch(std::uint64_t begun_before) EXCLUDES(mutex_);

  const After after_;
  mutable Mutex mutex_;
  CondVar work_, ended_;
  std::deque<Task> tasks_ GUARDED_BY(mutex_);
  int limit_ GUARDED_BY(mutex_);
  int threads_ GUARDED_BY(mutex_) = 0;
  int idle_ GUARDED_BY(mutex_) = 0;   // wait for work
  int woken_ GUARDED_BY(mutex_) = 0;  // of those, told that there is some
  bool closed_ GUARDED_BY(mutex_) = false;
  bool watching_ GUARDED_BY(mutex_) = false;
  bool looking_out_ GUARDED_BY(mutex_) = false;
  std::uint64_t begun_ GUARDED_BY(mutex_) = 0;  // tasks
  Duration pause_ GUARDED_BY(mutex_){};         // usual time between two tasks of a thread
  Duration usual_ GUARDED_BY(mutex_){};         // time of a task; short until known
};

}  // namespace comet::client
