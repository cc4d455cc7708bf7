#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/slave/sync_item.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/worker.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/bodies/ha_status.h"

namespace comet::broker {

// Keeps a slave's tables like its master's: runs a list of items every three seconds, on a thread
// of its own because it waits for answers, and for at most a twentieth of the time. What cannot be
// had stays as it is: the slave goes on with what it knows.
class MetadataSync {
 public:
  struct Parts {
    net::LoopGroup& loops;
    const Clock& clock;
  };
  MetadataSync(Parts parts, std::vector<SyncItem> items);
  ~MetadataSync() { Stop(); }

  // Where the master is; asks it at once. Any thread.
  void SetMaster(std::string address) EXCLUDES(mutex_);
  void RunSoon();  // without waiting for the period, but no more often than it may; any thread
  // Whether the master answered when it was asked last. Any thread.
  bool master_alive() const { return alive_.load(std::memory_order_relaxed); }
  // What the log said last of a master that does not answer, or answers what is refused; nothing
  // when all is well. Any thread.
  std::optional<wire::HaTrouble> trouble() const EXCLUDES(mutex_);
  // Runs that reached the end of the list, for tests and metrics.
  std::int64_t rounds() const { return rounds_.load(); }
  void Stop() EXCLUDES(mutex_);  // ends the run under way; before the loops stop

 private:
  void Run() EXCLUDES(mutex_);
  Status RunItems(net::Client& master, Duration* busy);
  void Interrupted();
  void Report(const std::string& address, const Status& outcome) EXCLUDES(mutex_);

  const Parts parts_;
  const std::vector<SyncItem> items_;
  std::atomic<bool> alive_ = false, asked_ = false;
  std::atomic<std::int64_t> rounds_ = 0;
  // Set by a loop when the connection breaks; outlives this object with the client's callbacks.
  const std::shared_ptr<std::atomic<bool>> broken_ = std::make_shared<std::atomic<bool>>(false);

  mutable Mutex mutex_;
  std::shared_ptr<net::Client> master_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::optional<wire::HaTrouble> trouble_ GUARDED_BY(mutex_);

  // The worker's own.
  Executor::TimerId timer_ = 0;
  MonoTime rests_until_{};
  std::string told_;  // so that it is told once
  Worker worker_{"sync"};
};

}  // namespace comet::broker
