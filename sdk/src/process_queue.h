#pragma once

#include <comet/push_consumer.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/mutex.h"
#include "sdk/src/queue_window.h"
#include "sdk/src/subscription.h"

namespace comet::client {

// What bounds the messages in memory.
struct CacheLimits {
  std::size_t messages = 1000;
  std::size_t bytes = std::size_t{100} << 20;
  std::int64_t span = 2000;  // does not bind ordered queues
  std::size_t total_bytes = std::size_t{512} << 20;
};

// One queue that this client owns: its window, and whether it may be pulled and handled now.
// When the queue goes on somewhere else it is dropped and a new one takes its place, so that
// answers and outcomes that come late find a dropped queue and change nothing. Thread-safe.
class ProcessQueue {
 public:
  enum class Kind { kConcurrent, kOrdered };
  // Taken by the one handler of an ordered queue; shared by all objects for that queue.
  using Turn = std::atomic<bool>;

  // `cached_bytes` is what all queues of the consumer hold together, and outlives them.
  ProcessQueue(Queue queue, SubscriptionPtr subscription, std::int64_t start, CacheLimits limits,
               std::atomic<std::size_t>& cached_bytes, std::shared_ptr<Turn> turn);

  const Queue& queue() const { return queue_; }
  Kind kind() const { return kind_; }
  bool ordered() const { return kind_ == Kind::kOrdered; }
  const SubscriptionPtr& subscription() const { return subscription_; }

  // --- pulling: at most one request at a time
  struct Pull {
    enum class Go {
      kNow,
      kNotNow,  // whoever removes the obstacle pulls
      kLater    // all queues together hold too much
    };
    Go go = Go::kNotNow;
    std::int64_t offset = 0;
    std::int64_t commit_offset = 0;
    std::int64_t broker_id = 0;  // suggested by the last answer
  };
  Pull BeginPull() EXCLUDES(mutex_);
  // The answer; false if the queue has been dropped. `batch` may be empty.
  struct Answer {
    std::int64_t next_offset = 0;
    std::int64_t max_offset = 0;
    std::int64_t broker_id = 0;  // to ask the next time
  };
  bool EndPull(std::shared_ptr<const MessageBatch> batch, const Answer& answer) EXCLUDES(mutex_);
  bool FailPull(std::string error) EXCLUDES(mutex_);

  // --- handling
  bool HasWaiting() const EXCLUDES(mutex_);
  // Whether the queue is waiting for a thread: one task for it is enough.
  bool MarkSubmitted() { return !submitted_.exchange(true); }
  void ClearSubmitted() { submitted_.store(false); }
  // Empty when nothing waits, or the queue is dropped or paused. An ordered queue gives out one
  // chunk at a time, and only while it is locked and not suspended.
  QueueWindow::Chunk Take(std::size_t max, bool* more) EXCLUDES(mutex_);
  struct Finished {
    std::size_t messages = 0;  // 0: it was too late, they come again elsewhere
    bool pull = false;         // there is room again
  };
  Finished Finish(const QueueWindow::Chunk& chunk,
                  QueueWindow::State from = QueueWindow::State::kWorking) EXCLUDES(mutex_);
  // The messages wait again. False if the queue has been dropped.
  bool PutBack(const QueueWindow::Chunk& chunk) EXCLUDES(mutex_);
  // Ordered: whoever took a chunk may handle the next message of it.
  bool MayGoOn() const EXCLUDES(mutex_);
  // Ordered: the chunk taken last is done with, whatever became of it.
  void EndOrdered() EXCLUDES(mutex_);
  // Ordered: how often the message at that offset has failed here.
  int failures(std::int64_t offset) const EXCLUDES(mutex_);
  void Fail(std::int64_t offset) EXCLUDES(mutex_);
  void SetSuspended(bool suspended) EXCLUDES(mutex_);  // ordered: nothing is given out
  std::vector<QueueWindow::Chunk> GiveUp(MonoTime before) EXCLUDES(mutex_);
  std::size_t working() const EXCLUDES(mutex_);

  // --- the life of the queue
  void SetPaused(bool paused) EXCLUDES(mutex_);
  void SetLocked(MonoTime until) EXCLUDES(mutex_);  // the broker's grant
  MonoTime locked_until() const EXCLUDES(mutex_);
  // Nothing is pulled, given out or counted any more. The offset to commit at the end; nothing if
  // it had been dropped before.
  std::optional<std::int64_t> Drop() EXCLUDES(mutex_);
  bool dropped() const EXCLUDES(mutex_);
  bool busy() const { return turn_->load(); }  // ordered: a handler is at work

  std::int64_t next_offset() const EXCLUDES(mutex_);  // of the next pull
  std::int64_t CommitOffset() const EXCLUDES(mutex_);
  // What has to be committed, if that differs from what was committed last.
  std::optional<std::int64_t> Uncommitted() const EXCLUDES(mutex_);
  void Committed(std::int64_t offset) EXCLUDES(mutex_);

  struct Cached {
    std::size_t messages = 0, bytes = 0;
    std::int64_t min_offset = 0, max_offset = 0;  // of those messages
    std::int64_t lag = 0;                         // messages up to the queue's end
    MonoTime last_pull{}, last_answer{}, last_take{}, last_lock{}, locked_until{};
  };
  Cached cached() const EXCLUDES(mutex_);
  QueueHealth health() const EXCLUDES(mutex_);

 private:
  bool Full() const REQUIRES(mutex_);
  bool MayHandle(MonoTime now) const REQUIRES(mutex_);

  const Queue queue_;
  const SubscriptionPtr subscription_;
  const Kind kind_;
  const CacheLimits limits_;
  std::atomic<std::size_t>& cached_bytes_;
  const std::shared_ptr<Turn> turn_;
  std::atomic<bool> submitted_ = false;

  mutable Mutex mutex_;
  QueueWindow window_ GUARDED_BY(mutex_);
  bool dropped_ GUARDED_BY(mutex_) = false;
  bool paused_ GUARDED_BY(mutex_) = false;
  bool pulling_ GUARDED_BY(mutex_) = false;
  bool starved_ GUARDED_BY(mutex_) = false;    // a pull was put off because the queue is full
  bool suspended_ GUARDED_BY(mutex_) = false;  // ordered
  MonoTime locked_until_ GUARDED_BY(mutex_){};
  std::int64_t failed_offset_ GUARDED_BY(mutex_) = -1;  // ordered: of the first message
  int failures_ GUARDED_BY(mutex_) = 0;
  std::int64_t committed_ GUARDED_BY(mutex_) = -1;
  std::int64_t end_ GUARDED_BY(mutex_) = 0;  // of the queue, as the last answer said
  std::int64_t broker_id_ GUARDED_BY(mutex_) = 0;
  MonoTime last_pull_ GUARDED_BY(mutex_){}, last_answer_ GUARDED_BY(mutex_){};
  MonoTime last_take_ GUARDED_BY(mutex_){}, last_lock_ GUARDED_BY(mutex_){};
  std::string error_ GUARDED_BY(mutex_);
};
using ProcessQueuePtr = std::shared_ptr<ProcessQueue>;

}  // namespace comet::client
