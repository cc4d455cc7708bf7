#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/status.h"
#include "store/appender.h"
#include "store/checkpoint.h"
#include "store/commit_log.h"
#include "store/commit_tracker.h"
#include "store/dispatcher.h"
#include "store/flusher.h"
#include "store/key_index.h"
#include "store/queue_table.h"
#include "store/replication/replica_set.h"
#include "store/retention.h"
#include "store/segment_allocator.h"
#include "store/store_config.h"
#include "store/write_gate.h"

namespace comet::store {

// What has to be done now and then, on the worker: asks for the sync of an ASYNC_FLUSH log, times
// waiting sends out, looks at the disk, deletes old files, and writes the checkpoint.
//
// Tick: the worker, or the simulator. Start, Stop: any one thread.
class Upkeep {
 public:
  struct Parts {
    Clock& clock;
    CommitLog& log;
    CommitTracker& tracker;
    ReplicaSet& replicas;
    Flusher& flusher;
    Appender& appender;
    Dispatcher& dispatcher;
    QueueTable& queues;
    KeyIndex* index;  // null: messages are not indexed
    SegmentAllocator& allocator;
    Retention& retention;
    Checkpoint& checkpoint;
    WriteGate& gate;
  };
  Upkeep(Parts parts, const StoreConfig& config);
  ~Upkeep() { Stop(); }

  void Start(Executor& worker);  // ticks from now on
  void Stop();                   // returns when no tick is under way and none will come

  void Tick();

  // Syncs queues and index, then notes how far they and the log are durable. `all` says that
  // nothing is written any more, so that the marks are exact to the last record.
  Status WriteCheckpoint(bool all);

 private:
  struct Pulse;  // shared with the worker's task, which may outlive this
  static void Beat(Executor& worker, std::shared_ptr<Pulse> pulse);

  bool Due(MonoTime now, MonoTime& next, std::int64_t interval_ms) const;
  void WatchDisk();
  void AskForFlush(MonoTime now);
  void Judge(const Status& status);

  const Parts p_;
  const StoreConfig& config_;
  std::shared_ptr<Pulse> pulse_;
  MonoTime next_flush_{}, next_checkpoint_{}, next_watch_{}, next_clean_{};
  bool synced_ = false;  // queues and index, since the start
  // The log's end a while ago and the store time of its last record then: once both the log and
  // the queues are durable that far, the time may stand in the checkpoint.
  std::int64_t sampled_end_ = 0;
  WallMs sampled_ms_ = 0;
};

}  // namespace comet::store
