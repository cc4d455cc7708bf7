#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

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
  // `own_end` says how far this broker's log is, as it reports it.
  MasterLog(const Clock& clock, std::function<std::int64_t()> own_end)
      : clock_(clock), own_end_(std::move(own_end)) {}

  // Asks; must not outlive this. An error only when the master cannot be reached: that it does not
  // say is none, because only a number that is shown depends on it.
  SyncItem Item();
  // Asks now. kInvalid: it does not say.
  StatusOr<std::int64_t> Ask(net::Client& master);
  // What this log lacked of the master's when it was asked last: at most that, because the own end
  // was looked at first. Below 0: this log is longer. Nothing when the master was not reached then,
  // or that is too long ago.
  std::optional<std::int64_t> lag() const EXCLUDES(mutex_);

 private:
  void Note(std::optional<std::int64_t> lag) EXCLUDES(mutex_);

  const Clock& clock_;
  const std::function<std::int64_t()> own_end_;
  mutable Mutex mutex_;
  std::optional<std::int64_t> lag_ GUARDED_BY(mutex_);
  MonoTime noted_at_ GUARDED_BY(mutex_){};
};

}  // namespace comet::broker
