#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "remoting/base/status_or.h"
#include "store/commit_log.h"
#include "store/queue_slot.h"

namespace comet::store {

// Which message a search by time means: kLower the first one at or after the time, kUpper the
// last one at or before it.
enum class TimeBoundary : std::uint8_t { kLower, kUpper };

// Finds messages of one queue by store time, which is in the records only and never falls from
// one message of a queue to the next. Any thread.
class TimeSearch {
 public:
  TimeSearch(const CommitLog& log, const QueueSlot& queue) : log_(log), queue_(queue) {}

  // Within [begin, end] of the queue. kLower: end when all messages are older. kUpper: the last
  // one when all are older, begin when none is.
  StatusOr<std::int64_t> Find(std::int64_t store_ms, TimeBoundary boundary) const;
  std::optional<std::int64_t> TimeAt(std::int64_t index) const;
  std::int64_t EarliestTime() const;  // -1 when the queue has no message

 private:
  struct Timed {
    std::int64_t index, store_ms;
  };
  // The first message from `index` on, below `end`, that can be read.
  std::optional<Timed> NextTimed(std::int64_t index, std::int64_t end) const;
  // The first index whose message is not older (or, if `newer`, is newer) than the time.
  std::int64_t FirstFrom(std::int64_t store_ms, bool newer) const;

  const CommitLog& log_;
  const QueueSlot& queue_;
};

}  // namespace comet::store
