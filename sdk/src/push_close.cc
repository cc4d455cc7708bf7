// How a push consumer keeps its offsets, and how it ends.
#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

#include "sdk/src/at_end.h"
#include "sdk/src/push_consumer_impl.h"
#include "sdk/src/queue_locks.h"
#include "sdk/src/wait_time.h"

namespace comet {

using client::ProcessQueuePtr;

namespace {

constexpr Duration kLeavingTime = std::chrono::seconds(3);  // for the last words with brokers

}  // namespace

void PushConsumer::Impl::CommitChanged() {
  for (const ProcessQueuePtr& queue : Queues()) {
    if (const auto offset = queue->Uncommitted()) CommitQueue(queue, *offset);
  }
  if (options_.model == Model::broadcasting) {
    runtime_->Work([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->SaveOffsets();
    });
  }
  MeasureQueues();
}

void PushConsumer::Impl::CommitQueue(const ProcessQueuePtr& queue, std::int64_t offset,
                                     std::function<void()> done) {
  if (options_.model == Model::broadcasting) {
    offset_file_.Put(queue->queue(), offset);
    queue->Committed(offset);
    if (done) done();
    return;
  }
  calls_.CommitAsync(queue->queue(), offset,
                     [weak = weak_from_this(), queue, offset,
                      all = client::AtEnd(std::move(done))](const Result<void>& outcome) {
                       if (outcome) return queue->Committed(offset);
                       // The next round has what this one could not.
                       const auto self = weak.lock();
                       if (self) self->Log(Severity::info, outcome.error().message());
                     });
}

void PushConsumer::Impl::SaveOffsets() {
  const Status saved = offset_file_.Save();
  if (!saved.ok()) Log(Severity::error, saved.message());
}

void PushConsumer::Impl::MeasureQueues() const {
  if (!metrics_.wanted()) return;
  std::size_t cached = 0;
  std::map<std::string, std::int64_t> lags;
  for (const ProcessQueuePtr& queue : Queues()) {
    const auto state = queue->cached();
    cached += state.messages;
    lags[queue->queue().topic] += state.lag;
  }
  metrics_.Cached(cached);
  for (const auto& [topic, lag] : lags) metrics_.Lag(topic, lag);
}

Result<void> PushConsumer::Impl::Close(std::chrono::milliseconds timeout) {
  if (auto here = runtime_->RefuseIfForked(); !here) return here;
  const bool inside = CallbackScope::inside();
  if (!inside) {
    if (auto may = runtime_->MayWait("close()"); !may) return may;
  }
  const MonoTime deadline = SystemClock().Now() + client::Bounded(timeout);
  State before = State::kNew;
  {
    MutexLock lock(mutex_);
    before = state_.load();
    if (before == State::kNew || before == State::kStarted) state_.store(State::kClosing);
    while (before == State::kClosing && !inside && state_.load() != State::kClosed) {
      const Duration left = deadline - SystemClock().Now();
      if (left <= Duration::zero()) return Error(Errc::timeout, "the consumer is being closed");
      changed_.WaitFor(mutex_, left);
    }
    if (before == State::kNew) state_.store(State::kClosed);
  }
  if (before != State::kStarted) return {};
  if (!inside) return FinishClose(deadline);
  std::thread([self = shared_from_this(), deadline] {
    static_cast<void>(self->FinishClose(deadline));
  }).detach();
  return {};
}

Result<void> PushConsumer::Impl::FinishClose(MonoTime deadline) {
  threads_->Close();
  const bool ended = threads_->AwaitEnd(deadline) && AwaitOutcomes(deadline);
  std::map<Queue, ProcessQueuePtr> queues;
  {
    MutexLock lock(mutex_);
    queues.swap(queues_);
  }
  // One latch for the last words with the brokers, in this order: offsets, locks, the farewell.
  struct Latch {
    Mutex mutex;
    CondVar open;
    int steps GUARDED_BY(mutex) = 0;
    void Step() {
      MutexLock lock(mutex);
      ++steps;
      open.NotifyAll();
    }
    void Await(int wanted, MonoTime until) {
      MutexLock lock(mutex);
      while (steps < wanted && SystemClock().Now() < until) {
        open.WaitFor(mutex, until - SystemClock().Now());
      }
    }
  };
  const auto latch = std::make_shared<Latch>();
  const MonoTime last = SystemClock().Now() + kLeavingTime;
  {
    const auto all = client::AtEnd([latch] { latch->Step(); });
    for (const auto& [place, queue] : queues) {
      const auto uncommitted = queue->Uncommitted();
      queue->Drop();
      if (uncommitted) CommitQueue(queue, *uncommitted, [all] {});
    }
  }
  latch->Await(1, last);
  if (options_.model == Model::broadcasting) SaveOffsets();
  {
    const auto all = client::AtEnd([latch] { latch->Step(); });
    for (const auto& [place, queue] : queues) {
      if (!queue->ordered() || options_.model == Model::broadcasting) continue;
      client::UnlockQueues(runtime_, calls_.wire_group(), {place}, [all] {});
    }
  }
  latch->Await(2, last);
  runtime_->RemoveConsumer(calls_.wire_group(), [latch] { latch->Step(); });
  latch->Await(3, last);
  {
    MutexLock lock(mutex_);
    state_.store(State::kClosed);
    changed_.NotifyAll();
  }
  if (ended) return {};
  return Error(Errc::timeout,
               "a handler had not finished in time; its message will come again elsewhere");
}

// Until what handlers have said has reached the broker, where it has to.
bool PushConsumer::Impl::AwaitOutcomes(MonoTime deadline) {
  const auto queues = Queues();
  MutexLock lock(mutex_);
  for (;;) {
    const bool done = std::all_of(queues.begin(), queues.end(), [](const ProcessQueuePtr& queue) {
      return queue->working() == 0;
    });
    if (done) return true;
    const Duration left = deadline - SystemClock().Now();
    if (left <= Duration::zero()) return false;
    changed_.WaitFor(mutex_, left);
  }
}

}  // namespace comet
