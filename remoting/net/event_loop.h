#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "remoting/base/executor.h"
#include "remoting/base/mutex.h"
#include "remoting/net/libevent_ptr.h"

namespace comet::net {

// An executor on libevent that owns its iterations. One iteration, in this order:
//   1. wait until a descriptor is ready, a timer is due or a task is posted; serve descriptors;
//   2. due timers, in the order of their deadlines;
//   3. the tasks posted before this step began;
//   4. the iteration hooks, in the order added: what handlers staged is submitted here;
//   5. the output hooks: what was answered, hooks included, is written.
// Timers follow the Clock given, so a test with a ManualClock moves it and calls Wake().
//
// The thread that constructs a loop owns it until Run, which makes the calling thread the owner.
class EventLoop : public Executor {
 public:
  explicit EventLoop(Clock& clock = SystemClock());
  ~EventLoop() override;
  // False when the process had no descriptors left for it: then it may only be destroyed.
  bool usable() const { return wakeup_event_ != nullptr; }
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void Run();   // iterates until Stop
  void Stop();  // any thread; the iteration under way is completed
  void Wake();  // any thread; makes an iteration happen

  // One iteration that waits no longer than `wait_max`; for owners that do not call Run.
  void RunOnce(Duration wait_max);

  void Post(Task task) override EXCLUDES(mutex_);
  TimerId After(Duration delay, Task task) override;
  void Cancel(TimerId id) override;
  bool OnOwnerThread() const override {
    return owner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

  // Owner thread. Hooks stay for the loop's life and may post, answer and start timers.
  using Hook = std::function<void()>;
  void AtIterationEnd(Hook hook);
  void AtOutput(Hook hook);

  Clock& clock() const { return clock_; }
  // Read once per iteration: for deadlines and idle times, where microseconds do not count.
  MonoTime now() const { return now_; }
  event_base* base() const { return base_.get(); }

  // Destroys tasks and timers that will never run. After Run has returned; any thread.
  void DropTasks();

 private:
  using TimerKey = std::pair<MonoTime, TimerId>;  // ids grow, so equal deadlines keep their order

  void Iterate(Duration wait_max) EXCLUDES(mutex_);
  void Wait(Duration wait_max) EXCLUDES(mutex_);
  void ArmTimeout(MonoTime now, Duration delay, MonoTime due);
  bool PrepareToSleep() EXCLUDES(mutex_);
  void RunTimers();
  void RunTasks() EXCLUDES(mutex_);
  static void OnWakeup(int fd, short what, void* self);
  static void OnTimeout(int fd, short what, void* self);

  Clock& clock_;
  EventBasePtr base_;
  int wakeup_fd_ = -1;
  EventPtr wakeup_event_;
  EventPtr timeout_event_;
  std::atomic<std::thread::id> owner_;
  std::atomic<bool> stop_ = false;
  MonoTime now_;

  Mutex mutex_;
  std::vector<Task> posted_ GUARDED_BY(mutex_);
  bool asleep_ GUARDED_BY(mutex_) = false;  // only then does a post cost a system call
  bool dropping_ GUARDED_BY(mutex_) = false;
  std::vector<Task> running_;  // keeps its memory between iterations

  std::map<TimerKey, Task> timers_;
  std::unordered_map<TimerId, MonoTime> deadlines_;
  TimerId last_timer_ = 0;
  MonoTime armed_for_ = MonoTime::max();  // what timeout_event_ waits for
  std::vector<Hook> iteration_hooks_, output_hooks_;
};

}  // namespace comet::net
