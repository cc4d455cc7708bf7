#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "remoting/base/bytes.h"
#include "store/consume_queue.h"

namespace comet::store {

// The place of an entry in its queue's files, and of what lies near, is a number of 64 bits.
inline constexpr std::int64_t kQueueOffsetMax =
    std::numeric_limits<std::int64_t>::max() / (2 * kQueueEntryBytes);

// The 20 bytes of an entry: log offset, record size, tags code, big-endian.
inline void EncodeUnit(const QueueEntry& entry, char* to) {
  PutI64(to, entry.log_offset);
  PutI32(to + 8, entry.size);
  PutI64(to + 12, entry.tags_code);
}

inline QueueEntry DecodeUnit(const char* from) {
  return {GetI64(from), GetI32(from + 8), GetI64(from + 12)};
}

// What an entry can look like at all. The rest of a file is zeros, which no entry is.
inline bool IsUnit(const QueueEntry& entry) {
  return entry.size > 0 && entry.log_offset >= 0 &&
         entry.log_offset <= std::numeric_limits<std::int64_t>::max() - entry.size;
}

// Checks entries that follow each other: records of one queue lie in the log one behind the other.
class UnitOrder {
 public:
  explicit UnitOrder(std::int64_t log_end = 0) : log_end_(log_end) {}

  // False, and nothing changed, if the entry cannot follow those before it.
  bool Accept(const QueueEntry& entry) {
    if (entry.filler()) return true;
    if (!IsUnit(entry) || entry.log_offset < log_end_) return false;
    log_end_ = entry.log_offset + entry.size;
    return true;
  }
  std::int64_t log_end() const { return log_end_; }  // of the last one that was no filler

 private:
  std::int64_t log_end_;
};

}  // namespace comet::store
