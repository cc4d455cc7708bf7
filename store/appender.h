#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/mutex.h"
#include "store/ack.h"
#include "store/commit_log.h"
#include "store/commit_tracker.h"
#include "store/dispatch_entry.h"
#include "store/flusher.h"
#include "store/staging.h"
#include "store/store_config.h"
#include "store/wake_hook.h"
#include "store/write_gate.h"

namespace comet::store {

struct StoreMetrics;

// The single writer of the commit log. What the loops have staged since the last step becomes a
// group: offsets are assigned, three fields patched in place, one write issued.
//
// Submit, refusal: any thread. Step: the appender's thread, the only loop, or the simulator.
class Appender {
 public:
  struct Parts {
    Clock& clock;
    CommitLog& log;
    CommitTracker& tracker;
    Flusher& flusher;
    DispatchQueue& dispatch;
    AckSink& sink;  // of what is refused
    WriteGate& gate;
    StoreMetrics& metrics;
  };
  Appender(Parts parts, const StoreConfig& config);

  // Why a message staged now would not be written. Asked before the work of encoding.
  Refusal refusal() const;

  // Once per loop iteration, whatever the number of messages. Each ticket in it is answered
  // through the ack sink; when the batch is refused (more than `append_queue_bytes` wait, or the
  // gate is shut), before this returns: a busy answer beats unbounded memory.
  void Submit(StagedBatch batch) EXCLUDES(mutex_);

  // Runs `task` on the appender's thread, behind all that was submitted before. Any thread.
  void Between(Task task) EXCLUDES(mutex_);

  // Writes at most one group. Returns false when there was nothing to do.
  bool Step() EXCLUDES(mutex_);

  // Store times never fall: from now on none is below this one. Before the first Step.
  void StartAfter(WallMs store_ms);
  // Store time of the newest record that is written. Any thread.
  WallMs last_store_ms() const { return written_ms_.load(std::memory_order_acquire); }

  // Whether, in the last step, a queue got a message for which somebody had set interest. The
  // stepping thread.
  bool awaited() const { return awaited_; }

  WakeHook& wake() { return wake_; }  // this object has work

 private:
  struct Cursor;   // a place in a batch
  struct Run;      // consecutive units of one batch that go to the active file in one piece
  struct Verdict;  // what becomes of units that were not written

  struct DueTask {
    std::int64_t after;  // batches
    Task task;
  };

  std::vector<StagedBatch> TakeGroup() EXCLUDES(mutex_);
  std::vector<DueTask> TakeTasks() EXCLUDES(mutex_);
  void WriteGroup(std::vector<StagedBatch>& group);
  static Run TakeRun(StagedBatch& batch, Cursor& cursor, std::int64_t room);
  void AssignOffsets(const Run& run);
  Verdict WriteRuns(std::vector<Run>& runs);
  Verdict OpenNextFile();
  Verdict Poison(const Status& reason);
  void Publish(const std::vector<Run>& runs);
  void Offer(const std::vector<Run>& runs);
  void Track(const std::vector<Run>& runs);
  void Answer(const StagedBatch& batch, std::size_t first, std::size_t count, Verdict verdict);
  void AskForFlush();

  const Parts p_;
  const StoreConfig& config_;
  WakeHook wake_;
  WallMs last_store_ms_ = 0;
  std::atomic<WallMs> written_ms_ = 0;
  bool flush_wanted_ = false;  // somebody in the group waits for the disk
  bool awaited_ = false;

  Mutex mutex_;
  std::deque<StagedBatch> waiting_ GUARDED_BY(mutex_);
  std::deque<DueTask> tasks_ GUARDED_BY(mutex_);
  std::int64_t submitted_ GUARDED_BY(mutex_) = 0, taken_ GUARDED_BY(mutex_) = 0;  // batches
  std::atomic<std::int64_t> waiting_bytes_ = 0;
};

}  // namespace comet::store
