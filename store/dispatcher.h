#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "remoting/base/executor.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status.h"
#include "store/dispatch_entry.h"
#include "store/key_index.h"
#include "store/queue_slot.h"
#include "store/wake_hook.h"

namespace comet::store {

// New entries of one queue, for the loops that asked.
struct Arrival {
  QueueSlot* queue;
  std::int64_t end;     // the queue's end when the entries became visible
  std::uint64_t loops;  // bit n: loop n had set its interest
};

// Called on the dispatch thread after the entries are visible. Must not block.
class ArrivalSink {
 public:
  virtual ~ArrivalSink() = default;
  virtual void OnArrivals(std::span<const Arrival> arrivals) = 0;
};

// Turns log records into consume-queue and key-index entries. Two sources feed it with the same
// batches: the appender, which still has them at hand, and the log scanner, which reads them back
// after a restart and on a replica.
//
// A record is shown to consumers only below the limit: the log's end, or its flushed end when the
// broker flushes synchronously, because a consumer must never hold what a power cut can take back.
//
// Offer: one producer at a time. Step, Drain: the dispatch thread, or the simulator, or recovery.
class Dispatcher : public DispatchQueue {
 public:
  struct Options {
    std::function<std::int64_t()> limit;  // CommitLog::visible; read once per step
  };
  // `index` may be null: messageIndexEnable=false. Both outlive the dispatcher.
  Dispatcher(Options options, KeyIndex* index, ArrivalSink& arrivals);

  void Offer(std::vector<DispatchEntry> entries) override EXCLUDES(mutex_);
  // Indexes what lies below the limit. False when there was nothing to do, or when a queue or the
  // index could not be written: status() tells, and the next Step tries again.
  bool Step();
  // Steps until everything offered below the limit is indexed; for recovery and an orderly stop.
  Status Drain();

  // Log offset up to which every queue and the index are complete.
  std::int64_t dispatched() const { return dispatched_.load(std::memory_order_acquire); }
  // Store time of the last record below it.
  std::int64_t dispatched_ms() const { return dispatched_ms_.load(std::memory_order_acquire); }
  void SetDispatched(std::int64_t log_offset) { dispatched_.store(log_offset); }  // recovery

  // Runs `task` on the dispatch thread, while no queue is being written and no entry waits to be
  // published: for what must not meet Add or Publish. What is offered after this call is indexed
  // after the task. Any thread.
  void Between(Task task) EXCLUDES(mutex_);

  WakeHook& wake() { return wake_; }        // called after every Between
  WakeHook& offered() { return offered_; }  // and Offer: when to step is for others to say

  // Records offered and not yet dispatched; the appender refuses sends when it grows too large.
  std::size_t backlog() const override { return backlog_.load(std::memory_order_relaxed); }
  Status status() const EXCLUDES(mutex_);  // of the last Step

 private:
  void TakeWaiting() EXCLUDES(mutex_);
  void AddEntries(std::int64_t limit);
  void AddEntry(const DispatchEntry& entry);
  Status PublishQueues();
  void SetStatus(Status status) EXCLUDES(mutex_);

  const Options options_;
  WakeHook wake_, offered_;
  KeyIndex* const index_;
  ArrivalSink& arrivals_;
  std::atomic<std::int64_t> dispatched_ = 0, dispatched_ms_ = 0;
  std::atomic<std::size_t> backlog_ = 0;

  // Dispatch thread only.
  std::deque<std::vector<DispatchEntry>> batches_;
  std::size_t next_ = 0;  // first entry of batches_.front() that was not taken
  // Taken and not yet in every queue and the index; what a failed step leaves to the next.
  std::size_t taken_ = 0;
  std::int64_t taken_to_ = 0, taken_ms_ = 0;
  std::vector<QueueSlot*> touched_;
  std::vector<IndexedKey> keys_;
  std::vector<Arrival> news_;
  bool failed_ = false;

  mutable Mutex mutex_;
  std::vector<std::vector<DispatchEntry>> waiting_ GUARDED_BY(mutex_);
  std::vector<Task> tasks_ GUARDED_BY(mutex_);
  Status status_ GUARDED_BY(mutex_);
};

}  // namespace comet::store
