#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/wire/bodies/ha_status.h"

namespace comet::broker {

// What others say, fit for a line of a log or a status: no control characters, and not endless.
std::string OneLine(std::string_view text);

// The replicas that a master has turned away, each with the last sentence about it. A replica that
// may not copy comes again every few seconds; one that has not for a while is forgotten, as is one
// that copies. Bounded. Any thread.
class Refusals {
 public:
  static constexpr std::size_t kReplicasMax = 16;  // the one that was longest away gives its place
  static constexpr WallMs kKeptMs = 10 * 60 * 1000;

  // True when that replica was not turned away with these words the last time.
  bool Note(wire::HaTrouble refusal) EXCLUDES(mutex_);
  // The replica at `address` ("ip:port"), of that broker id when it has said so, copies. Others of
  // its host are forgotten too: an operator may have changed the id. They come again.
  void Forget(std::string_view address, std::int64_t broker_id) EXCLUDES(mutex_);
  std::vector<wire::HaTrouble> All(WallMs now) const EXCLUDES(mutex_);  // the latest first

 private:
  mutable Mutex mutex_;
  std::vector<wire::HaTrouble> refusals_ GUARDED_BY(mutex_);  // the latest last
};

}  // namespace comet::broker
