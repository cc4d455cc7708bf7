#include "store/dispatcher.h"

#include <algorithm>
#include <iterator>

#include "remoting/base/check.h"
#include "remoting/base/log.h"

namespace comet::store {
namespace {

// A step's worth: enough to write each queue once for many messages, few enough to stay prompt.
constexpr std::size_t kStepEntries = 16384;

}  // namespace

Dispatcher::Dispatcher(Options options, KeyIndex* index, ArrivalSink& arrivals)
    : options_(std::move(options)), index_(index), arrivals_(arrivals) {}

void Dispatcher::Offer(std::vector<DispatchEntry> entries) {
  if (entries.empty()) return;
  backlog_.fetch_add(entries.size(), std::memory_order_relaxed);
  {
    MutexLock lock(mutex_);
    waiting_.push_back(std::move(entries));
  }
  offered_();
}

// Tasks and entries at once: who asked for a task before entries were offered finds it done when
// they are indexed.
void Dispatcher::TakeWaiting() {
  std::vector<Task> tasks;
  {
    MutexLock lock(mutex_);
    tasks.swap(tasks_);
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(batches_));
    waiting_.clear();
  }
  for (auto& task : tasks) task();
}

void Dispatcher::Between(Task task) {
  {
    MutexLock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_();
}

bool Dispatcher::Step() {
  if (taken_ == 0) {
    TakeWaiting();
    AddEntries(options_.limit());
    if (taken_ == 0) return false;
  }
  // From here on a failure leaves everything in place for the next step.
  Status status = PublishQueues();
  if (status.ok() && index_ != nullptr) status = index_->Append(keys_);
  if (!status.ok()) {
    LOG_ERROR_LIMITED << "dispatch of " << taken_
                      << " messages failed, will be tried again: " << status.message();
    SetStatus(std::move(status));
    return false;
  }
  keys_.clear();
  dispatched_ms_.store(taken_ms_, std::memory_order_release);
  dispatched_.store(taken_to_, std::memory_order_release);
  backlog_.fetch_sub(taken_, std::memory_order_relaxed);
  taken_ = 0;
  if (failed_) SetStatus({});
  return true;
}

// Takes what ends below the limit out of the batches, into the queues' buffers and keys_.
void Dispatcher::AddEntries(std::int64_t limit) {
  while (!batches_.empty() && taken_ < kStepEntries) {
    const std::vector<DispatchEntry>& batch = batches_.front();
    for (; next_ < batch.size(); ++next_, ++taken_) {
      const DispatchEntry& entry = batch[next_];
      if (entry.log_end() > limit) return;
      AddEntry(entry);
    }
    batches_.pop_front();
    next_ = 0;
  }
}

void Dispatcher::AddEntry(const DispatchEntry& entry) {
  if (entry.in_queue()) {
    entry.queue->queue().Add(entry.queue_offset, {entry.log_offset, entry.size, entry.tags_code});
    if (!entry.queue->TouchForDispatch()) touched_.push_back(entry.queue);
  }
  if (index_ != nullptr && entry.in_index()) {
    for (const std::int32_t hash : entry.keys.all()) {
      keys_.push_back({hash, entry.log_offset, entry.store_ms});
    }
  }
  taken_to_ = entry.log_end();
  taken_ms_ = entry.store_ms;
}

// Shows the new entries, then tells the loops that wait for them; the index may come later.
Status Dispatcher::PublishQueues() {
  Status status;
  std::size_t done = 0;
  for (; done < touched_.size(); ++done) {
    QueueSlot& slot = *touched_[done];
    status = slot.queue().Publish();
    if (!status.ok()) break;
    slot.DispatchDone();
    const std::uint64_t loops = slot.TakeInterest();
    if (loops != 0) news_.push_back({&slot, slot.queue().end(), loops});
  }
  touched_.erase(touched_.begin(), touched_.begin() + static_cast<std::ptrdiff_t>(done));
  if (!news_.empty()) arrivals_.OnArrivals(news_);
  news_.clear();
  return status;
}

Status Dispatcher::Drain() {
  while (Step()) {}
  return status();
}

Status Dispatcher::status() const {
  MutexLock lock(mutex_);
  return status_.Clone();
}

void Dispatcher::SetStatus(Status status) {
  failed_ = !status.ok();
  MutexLock lock(mutex_);
  status_ = std::move(status);
}

}  // namespace comet::store
