#include "remoting/net/event_loop.h"

#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include <event2/event.h>

#include "remoting/base/check.h"

namespace comet::net {

namespace {

constexpr Duration kForever = std::chrono::hours(1);

constexpr int kDescriptorsOfBase = 8;  // epoll, its timer, a pair for signals, and some to spare

// libevent ends the process when it finds none for its signals.
bool DescriptorsAreLeft() {
  std::array<int, kDescriptorsOfBase> opened{};
  for (int& one : opened) one = eventfd(0, EFD_CLOEXEC);
  for (const int one : opened) {
    if (one >= 0) close(one);
  }
  return opened.back() >= 0;
}

EventBasePtr NewBase() {
  if (!DescriptorsAreLeft()) return nullptr;
  event_config* config = event_config_new();
  COMET_CHECK(config != nullptr);
  event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);  // one thread; others use the eventfd
  EventBasePtr base(event_base_new_with_config(config));
  event_config_free(config);
  return base;
}

timeval ToTimeval(Duration delay) {
  // Up: a timer that fires early would find nothing due and be armed again.
  const auto us = std::chrono::ceil<std::chrono::microseconds>(delay).count();
  return {.tv_sec = us / 1'000'000, .tv_usec = us % 1'000'000};
}

}  // namespace

EventLoop::EventLoop(Clock& clock)
    : clock_(clock),
      base_(NewBase()),
      wakeup_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      owner_(std::this_thread::get_id()),
      now_(clock.Now()) {
  if (base_ == nullptr || wakeup_fd_ < 0) return;
  wakeup_event_.reset(event_new(base_.get(), wakeup_fd_, EV_READ | EV_PERSIST, &OnWakeup, this));
  timeout_event_.reset(event_new(base_.get(), -1, 0, &OnTimeout, this));
  COMET_CHECK_EQ(event_add(wakeup_event_.get(), nullptr), 0);
}

EventLoop::~EventLoop() {
  DropTasks();
  wakeup_event_.reset();
  if (wakeup_fd_ >= 0) close(wakeup_fd_);
}

void EventLoop::Run() {
  owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  while (!stop_.load(std::memory_order_acquire)) Iterate(kForever);
}

void EventLoop::RunOnce(Duration wait_max) {
  COMET_CHECK(OnOwnerThread());
  Iterate(wait_max);
}

void EventLoop::Stop() {
  stop_.store(true, std::memory_order_release);
  Wake();
}

void EventLoop::Wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the loop is being woken anyway.
  [[maybe_unused]] const auto written = write(wakeup_fd_, &one, sizeof(one));
}

void EventLoop::Post(Task task) {
  bool wake = false;
  {
    MutexLock lock(mutex_);
    if (dropping_) return;
    posted_.push_back(std::move(task));
    wake = std::exchange(asleep_, false);
  }
  if (wake) Wake();
}

Executor::TimerId EventLoop::After(Duration delay, Task task) {
  COMET_CHECK(OnOwnerThread());
  const TimerId id = ++last_timer_;
  const MonoTime deadline = clock_.Now() + delay;
  timers_.emplace(TimerKey{deadline, id}, std::move(task));
  deadlines_.emplace(id, deadline);
  return id;
}

void EventLoop::Cancel(TimerId id) {
  COMET_CHECK(OnOwnerThread());
  const auto found = deadlines_.find(id);
  if (found == deadlines_.end()) return;
  timers_.erase(TimerKey{found->second, id});
  deadlines_.erase(found);
}

void EventLoop::AtIterationEnd(Hook hook) {
  COMET_CHECK(OnOwnerThread());
  iteration_hooks_.push_back(std::move(hook));
}

void EventLoop::AtOutput(Hook hook) {
  COMET_CHECK(OnOwnerThread());
  output_hooks_.push_back(std::move(hook));
}

void EventLoop::DropTasks() {
  std::vector<Task> tasks;
  {
    MutexLock lock(mutex_);
    dropping_ = true;
    tasks.swap(posted_);
  }
  tasks.clear();
  timers_.clear();
  deadlines_.clear();
}

void EventLoop::Iterate(Duration wait_max) {
  Wait(wait_max);
  RunTimers();
  RunTasks();
  for (const Hook& hook : iteration_hooks_) hook();
  for (const Hook& hook : output_hooks_) hook();
}

void EventLoop::Wait(Duration wait_max) {
  MonoTime due = MonoTime::max();
  if (!timers_.empty()) due = timers_.begin()->first.first;
  const MonoTime now = clock_.Now();
  const Duration delay = due == MonoTime::max() ? wait_max : std::min(wait_max, due - now);
  if (delay <= Duration::zero() || !PrepareToSleep()) {
    event_base_loop(base_.get(), EVLOOP_NONBLOCK);
  } else {
    ArmTimeout(now, delay, due);
    event_base_loop(base_.get(), EVLOOP_ONCE);
    MutexLock lock(mutex_);
    asleep_ = false;
  }
  now_ = clock_.Now();
}

void EventLoop::ArmTimeout(MonoTime now, Duration delay, MonoTime due) {
  const MonoTime until = now + delay;
  if (until == armed_for_ || delay == kForever) return;
  const timeval wait = ToTimeval(delay);
  event_add(timeout_event_.get(), &wait);
  // Only a timer's deadline stays the same from one iteration to the next.
  armed_for_ = until == due ? until : MonoTime::max();
}

bool EventLoop::PrepareToSleep() {
  MutexLock lock(mutex_);
  asleep_ = posted_.empty();
  return asleep_;
}

void EventLoop::RunTimers() {
  // Timers started by these have a higher id or a later deadline, so this ends.
  const TimerKey last{now_, last_timer_};
  while (!timers_.empty() && timers_.begin()->first <= last) {
    auto node = timers_.extract(timers_.begin());
    deadlines_.erase(node.key().second);
    node.mapped()();
  }
}

void EventLoop::RunTasks() {
  {
    MutexLock lock(mutex_);
    running_.swap(posted_);
  }
  for (Task& task : running_) {
    task();
    task = nullptr;  // what it owns may be waited for
  }
  running_.clear();
}

void EventLoop::OnWakeup(int fd, short /*what*/, void* /*self*/) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(fd, &count, sizeof(count));
}

void EventLoop::OnTimeout(int /*fd*/, short /*what*/, void* self) {
  static_cast<EventLoop*>(self)->armed_for_ = MonoTime::max();
}

}  // namespace comet::net
