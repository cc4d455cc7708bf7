#pragma once

#include "remoting/base/bytes.h"
#include "store/consume_queue.h"

namespace comet::store {

// Chooses the messages that a consumer wants. Any thread, while it is not changed.
class MessageFilter {
 public:
  virtual ~MessageFilter() = default;

  // Decides by the queue entry alone, without touching the log. May say yes to too many.
  virtual bool MatchesEntry(const QueueEntry& entry) const = 0;
  // Whether MatchesRecord has to be asked as well.
  virtual bool needs_record() const { return false; }
  virtual bool MatchesRecord(Slice /*record*/) const { return true; }
};

}  // namespace comet::store
