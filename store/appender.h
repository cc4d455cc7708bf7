#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <vector>

#include "remoting/base/clock.h"
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

  // Writes at most one group. Returns false when there was nothing to do.
  bool Step() EXCLUDES(mutex_);

  // Store times never fall: from now on none is below this one. Before the first Step.
  void StartAfter(WallMs store_ms) { last_store_ms_ = store_ms; }

  WakeHook& wake() { return wake_; }  // this object has work

 private:
  // What a step works on: consecutive units of one batch that go to the active segment.
  struct Run;

  std::vector<StagedBatch> TakeGroup() EXCLUDES(mutex_);
  std::size_t WriteGroup(std::vector<StagedBatch>& group, std::vector<Run>& runs);
  bool WriteRuns(std::vector<StagedBatch>& group, std::vector<Run>& runs);
  Status MakeRoom(std::uint32_t bytes);
  void AssignOffsets(StagedBatch& batch, const Run& run, std::int64_t log_offset);
  void Publish(std::vector<StagedBatch>& group, const std::vector<Run>& runs);
  void Refuse(StagedBatch& batch, std::size_t first_unit, AppendOutcome outcome, Refusal why);
  void AskForFlush();

  Clock& clock_;
  CommitLog& log_;
  CommitTracker& tracker_;
  Flusher& flusher_;
  DispatchQueue& dispatch_;
  AckSink& sink_;
  WriteGate& gate_;
  StoreMetrics& metrics_;
  const StoreConfig& config_;
  WakeHook wake_;
  WallMs last_store_ms_ = 0;

  Mutex mutex_;
  std::deque<StagedBatch> waiting_ GUARDED_BY(mutex_);
  std::atomic<std::int64_t> waiting_bytes_ = 0;
};

}  // namespace comet::store
