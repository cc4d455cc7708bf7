#include "remoting/base/worker.h"

#include <pthread.h>

#include "remoting/base/check.h"

namespace comet {

Worker::Worker(std::string name, Clock& clock) : name_(std::move(name)), clock_(clock) {
  thread_ = std::thread([this] { Run(); });
}

void Worker::Post(Task task) {
  MutexLock lock(mutex_);
  if (stopping_) return;
  tasks_.push_back(std::move(task));
  wake_.NotifyOne();
}

Executor::TimerId Worker::After(Duration delay, Task task) {
  const MonoTime at = clock_.Now() + delay;
  MutexLock lock(mutex_);
  const TimerId id = ++last_timer_;
  timers_.emplace(std::pair(at, id), std::move(task));
  timer_times_.emplace(id, at);
  wake_.NotifyOne();
  return id;
}

void Worker::Cancel(TimerId id) {
  Task dropped;  // destroyed after the lock is given back: it may own anything
  MutexLock lock(mutex_);
  const auto time = timer_times_.find(id);
  if (time == timer_times_.end()) return;
  const auto timer = timers_.find({time->second, id});
  dropped = std::move(timer->second);
  timers_.erase(timer);
  timer_times_.erase(time);
}

void Worker::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    wake_.NotifyOne();
  }
  if (!thread_.joinable()) return;
  COMET_CHECK(!OnOwnerThread());
  thread_.join();
}

void Worker::Run() {
  owner_.store(std::this_thread::get_id());
  pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
  while (Task task = Next()) task();
}

Task Worker::Next() {
  MutexLock lock(mutex_);
  for (;;) {
    MoveDueTimers();
    if (!tasks_.empty()) {
      Task task = std::move(tasks_.front());
      tasks_.pop_front();
      return task;
    }
    if (stopping_) return {};
    if (timers_.empty()) {
      wake_.Wait(mutex_);
    } else {
      wake_.WaitFor(mutex_, timers_.begin()->first.first - clock_.Now());
    }
  }
}

void Worker::MoveDueTimers() {
  const MonoTime now = timers_.empty() ? MonoTime() : clock_.Now();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    timer_times_.erase(timers_.begin()->first.second);
    tasks_.push_back(std::move(timers_.begin()->second));
    timers_.erase(timers_.begin());
  }
}

}  // namespace comet
