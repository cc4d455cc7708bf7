#pragma once

#include <cstdint>

#include "store/commit_log.h"
#include "store/queue_table.h"

namespace comet::store {

// How a log ends, for telling whether another log has the same bytes there. Every record carries
// its place, its store time and a CRC, so two logs that agree on the last record of one of them
// have not gone different ways before it. A blank record behind it belongs to it: a log that lost
// its end may have other records there.
struct LogTail {
  std::int64_t offset = 0;  // of the last record
  std::int64_t bytes = 0;   // of it and a blank record behind it; 0: the log has no record
  std::uint32_t crc = 0;    // of these bytes

  std::int64_t end() const { return offset + bytes; }
  friend bool operator==(const LogTail&, const LogTail&) = default;
};

// Of a replica's log, before it follows a master. The queues tell where to look, the log's last
// file when they are empty. Reads no more than that file. While nothing is appended. kIo, here and
// below, when the device does not give all that has to be looked at.
StatusOr<LogTail> TailOf(const CommitLog& log, const QueueTable& queues);

// Whether `log` has a replica's tail: the two are one log, of which either may be longer. kInvalid
// names the offset; kNotFound when `log` has nothing there, any more or yet.
Status CheckTail(const CommitLog& log, const LogTail& tail);

// The last record's bytes; none when there is no record.
StatusOr<LogRange> LastRecord(const CommitLog& log, const QueueTable& queues);

}  // namespace comet::store
