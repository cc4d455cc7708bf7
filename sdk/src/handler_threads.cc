#include "sdk/src/handler_threads.h"

#include <pthread.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

namespace comet::client {
namespace {

constexpr Duration kShortTask = std::chrono::microseconds(500);
constexpr Duration kPatience = std::chrono::milliseconds(4);  // with a thread that is busy
constexpr Duration kLookout = std::chrono::microseconds(50);
constexpr Duration kLongPause = std::chrono::milliseconds(1);
constexpr Duration kIdleMax = std::chrono::minutes(1);

}  // namespace

HandlerThreads::HandlerThreads(int limit, After after) : after_(std::move(after)), limit_(limit) {}

bool HandlerThreads::Submit(Task task) {
  MutexLock lock(mutex_);
  if (closed_) return false;
  tasks_.push_back(std::move(task));
  const int at_work = threads_ - idle_ + woken_;
  const bool one_will_do = at_work > 0 && usual_ < kShortTask &&
                           usual_ * static_cast<Duration::rep>(tasks_.size()) < kPatience;
  if (!one_will_do) {
    Reinforce();
  } else {
    WatchLater();
  }
  return true;
}

bool HandlerThreads::Reinforce() {
  if (idle_ > woken_) {
    ++woken_;
    work_.NotifyOne();
    return true;
  }
  if (threads_ >= limit_) return false;
  try {
    std::thread([self = shared_from_this()] { self->Run(); }).detach();
  } catch (const std::system_error&) {  // the process has too many threads: once more in a while
    WatchLater();
    return false;
  }
  ++threads_;
  return true;
}

// The thread at work may be busy for longer than it usually is.
void HandlerThreads::WatchLater() {
  if (watching_) return;
  watching_ = true;
  after_(kPatience, [weak = weak_from_this(), begun = begun_] {
    if (const auto self = weak.lock()) self->Watch(begun);
  });
}

void HandlerThreads::Watch(std::uint64_t begun_before) {
  MutexLock lock(mutex_);
  watching_ = false;
  if (closed_ || tasks_.empty()) return;
  if (begun_ == begun_before) {
    usual_ = std::max(usual_, kPatience);
    for (std::size_t i = 0; i < tasks_.size() && Reinforce(); ++i) {}
  } else {
    WatchLater();
  }
}

void HandlerThreads::SetLimit(int limit) {
  MutexLock lock(mutex_);
  limit_ = limit;
  for (std::size_t i = 0; i < tasks_.size() && Reinforce(); ++i) {}
}

void HandlerThreads::Close() {
  std::deque<Task> dropped;  // destroyed without the lock
  MutexLock lock(mutex_);
  closed_ = true;
  dropped.swap(tasks_);
  work_.NotifyAll();
}

bool HandlerThreads::AwaitEnd(MonoTime deadline) {
  MutexLock lock(mutex_);
  while (threads_ > 0) {
    const Duration left = deadline - SystemClock().Now();
    if (left <= Duration::zero()) return false;
    ended_.WaitFor(mutex_, left);
  }
  return true;
}

int HandlerThreads::count() const {
  MutexLock lock(mutex_);
  return threads_;
}

// While tasks come in quick succession one thread looks out for the next for a moment: to sleep
// and to be woken costs more than they do.
bool HandlerThreads::LookOut() {
  if (looking_out_ || pause_ >= kLookout) return false;
  looking_out_ = true;
  const MonoTime end = SystemClock().Now() + kLookout;
  while (tasks_.empty() && !closed_ && SystemClock().Now() < end) {
    mutex_.Unlock();
    std::this_thread::yield();
    mutex_.Lock();
  }
  looking_out_ = false;
  return true;
}

bool HandlerThreads::Next(Task* task) {
  const MonoTime since = SystemClock().Now();
  bool looked_out = false;
  for (;;) {
    if (closed_ || threads_ > limit_) return false;
    if (!tasks_.empty()) break;
    if (!looked_out && LookOut()) {
      looked_out = true;
      continue;
    }
    ++idle_;
    const bool told = work_.WaitFor(mutex_, kIdleMax);
    --idle_;
    if (woken_ > 0) --woken_;
    if (!told && tasks_.empty()) return false;
  }
  pause_ += (std::min<Duration>(SystemClock().Now() - since, kLongPause) - pause_) / 8;
  *task = std::move(tasks_.front());
  tasks_.pop_front();
  ++begun_;
  return true;
}

void HandlerThreads::Run() {
  pthread_setname_np(pthread_self(), "comet-handler");
  const auto take = [this](Task* task) {
    MutexLock lock(mutex_);
    return Next(task);
  };
  for (Task task; take(&task);) {
    const MonoTime start = SystemClock().Now();
    task();
    task = nullptr;
    const Duration took = SystemClock().Now() - start;
    MutexLock lock(mutex_);
    usual_ += (took - usual_) / 8;
  }
  MutexLock lock(mutex_);
  --threads_;
  if (!closed_ && !tasks_.empty()) Reinforce();  // submitted while this one left
  ended_.NotifyAll();
}

}  // namespace comet::client
