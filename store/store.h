#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"
#include "remoting/wire/record_writer.h"
#include "store/ack.h"
#include "store/appender.h"
#include "store/commit_log.h"
#include "store/commit_tracker.h"
#include "store/flusher.h"
#include "store/recovery.h"
#include "store/stager.h"
#include "store/store_config.h"

namespace comet::store {

class ArrivalSink;
class Dispatcher;
class KeyIndex;
class QueueTable;
struct StoreMetrics;

// The message store of one broker: opens its parts in order and closes them in reverse.
//
// It owns no thread. Appender, flusher and dispatcher are stepped by StoreThreads, by the only
// loop, or by a test.
class Store {
 public:
  // Everything the store needs from outside; must outlive it.
  struct Seams {
    FileSystem& fs;
    Clock& clock;
    Executor& worker;  // preparation of log files, checkpoints, disk watch
    AckSink& acks;
    ArrivalSink& arrivals;
  };
  using AppendCallback = std::function<void(const Ack&)>;  // must not block

  // Locks the directory, recovers the log, brings queues and index up to it. kUnavailable when
  // another process has the store open; kCorruption when data known to be flushed is gone.
  static StatusOr<std::unique_ptr<Store>> Open(Seams seams, StoreConfig config);
  ~Store();

  // Orderly stop, after the threads have ended: writes and indexes what is waiting, syncs,
  // removes the abort marker. No more messages are taken.
  Status Close();

  std::unique_ptr<Stager> NewStager();
  // A message of the broker's own: delayed delivery, send-back, system topics. Any thread.
  // Queue offset, log offset and store time of `source` are ignored.
  Status Append(const wire::RecordSource& source, QueueSlot& queue, AckPolicy policy,
                AppendCallback done);
  Refusal refusal() const;  // of the next message

  const RecoveryReport& recovery() const;
  const StoreConfig& config() const;
  StoreMetrics& metrics();
  CommitLog& log();
  CommitTracker& tracker();
  Appender& appender();
  Flusher& flusher();
  QueueTable& queues();
  Dispatcher& dispatcher();
  KeyIndex& index();

 private:
  struct Parts;
  explicit Store(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace comet::store
