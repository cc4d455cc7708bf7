#pragma once

#include <cstdint>
#include <optional>

#include "broker/slave/sync_item.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "remoting/net/client.h"

namespace comet::broker {

// How far a slave's master is, by its own word: the stream of replication tells what has been sent,
// not what there is to send. Asked with the metadata, so that Apache's masters can be asked as
// well. Any thread.
class MasterLog {
 public:
  explicit MasterLog(const Clock& clock) : clock_(clock) {}

  // Asks; must not outlive this. That the master does not say is no error: only a number that is
  // shown depends on it.
  SyncItem Item();
  // Asks now. kInvalid: it does not say.
  StatusOr<std::int64_t> Ask(net::Client& master);
  // Where the master's log ended when it was asked last. Nothing when it was not reached then, or
  // that is too long ago.
  std::optional<std::int64_t> end() const EXCLUDES(mutex_);

 private:
  void Note(std::optional<std::int64_t> end) EXCLUDES(mutex_);

  const Clock& clock_;
  mutable Mutex mutex_;
  std::optional<std::int64_t> end_ GUARDED_BY(mutex_);
  MonoTime noted_at_ GUARDED_BY(mutex_){};
};

}  // namespace comet::broker
