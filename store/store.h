#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"
#include "remoting/base/unique_function.h"
#include "remoting/wire/record_writer.h"
#include "store/ack.h"
#include "store/appender.h"
#include "store/commit_log.h"
#include "store/dispatcher.h"
#include "store/flusher.h"
#include "store/internal_lane.h"
#include "store/key_index.h"
#include "store/queue_table.h"
#include "store/reader.h"
#include "store/recovery.h"
#include "store/replication/follower.h"
#include "store/replication/replica_set.h"
#include "store/retention.h"
#include "store/stager.h"
#include "store/store_config.h"
#include "store/store_metrics.h"

namespace comet::store {

class Upkeep;

// The message store of one broker: opens its parts in order and closes them in reverse.
//
// It owns no thread. Appender, flusher, dispatcher and upkeep are stepped by StoreThreads, by the
// only loop, or by a test.
class Store {
 public:
  // Everything the store needs from outside; must outlive it.
  struct Seams {
    FileSystem& fs;
    Clock& clock;
    Executor& worker;  // preparation of log files
    AckSink& acks;
    ArrivalSink& arrivals;
  };

  // Locks the directory, recovers the log, brings queues and index up to it. kUnavailable when
  // another process has the store open; kCorruption when data known to be flushed is gone.
  static StatusOr<std::unique_ptr<Store>> Open(Seams seams, StoreConfig config,
                                               ReaderOptions reading = {});
  ~Store();

  // Orderly stop, after StoreThreads has stopped: writes and indexes what is waiting, answers it,
  // syncs, removes the abort marker. No more messages are taken. Without it, the next start
  // recovers as after a crash.
  Status Close();

  // One for each loop; see Stager.
  std::unique_ptr<Stager> NewStager();
  // A message of the broker's own; see InternalLane. Any thread.
  Status Append(const wire::RecordSource& source, QueueSlot& queue, AckPolicy policy,
                AppendCallback done);
  // Deletes the queues of topics whose sends and reads are refused by now; of those for which
  // `in_use`, if there is one, says so when it comes to it, nothing. A topic that is made anew
  // under such a name begins at offset 0, and no message of the former one is in it, neither after
  // a crash nor when its queues are made again from the log. `done` is called on the dispatch
  // thread when that is durable. Any thread.
  void DeleteTopics(std::vector<std::string> topics,
                    std::function<bool(const std::string& topic)> in_use,
                    UniqueFunction<void(Status)> done);
  // The same on a copy of another log, which hears of a deletion some time after it: only what lies
  // below `log_offset` is of the former topic. A topic with records at or behind it is left alone,
  // because they may be of one that was made anew. Any thread.
  void DeleteTopicsBelow(std::int64_t log_offset, std::vector<std::string> topics,
                         UniqueFunction<void(Status)> done);
  // Why the next message would be refused; kNone if it would not. Any thread, two loads.
  Refusal refusal() const;

  // Takes over those settings that apply while running: of retention. Any thread.
  void Change(const StoreConfig& config);

  // What the last start found.
  const RecoveryReport& recovery() const;
  const StoreConfig& config() const;
  StoreMetrics& metrics();

  CommitLog& log();
  CommitTracker& tracker();
  WriteGate& gate();
  Appender& appender();
  Flusher& flusher();
  QueueTable& queues();
  Dispatcher& dispatcher();
  KeyIndex* index();  // null: messageIndexEnable=false
  Reader& reader();
  Retention& retention();  // worker
  ReplicaSet& replicas();  // who copies this log
  Follower& follower();    // appender's thread: this log as a copy of another
  Upkeep& upkeep();

 private:
  struct Parts;
  explicit Store(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace comet::store
