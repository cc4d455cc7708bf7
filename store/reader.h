#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "remoting/base/status_or.h"
#include "store/commit_log.h"
#include "store/filter.h"
#include "store/queue_table.h"
#include "store/time_search.h"

namespace comet::store {

// What a read of a queue found; names and meaning as RocketMQ's GetMessageStatus.
enum class ReadStatus : std::uint8_t {
  kFound,
  kNoMatchedMessage,     // entries were there, the filter refused all
  kMessageWasRemoving,   // the records are being deleted
  kOffsetFoundNull,      // the entries could not be read
  kOffsetOverflowBadly,  // offset > end
  kOffsetOverflowOne,    // offset == end: wait for the next message
  kOffsetTooSmall,       // offset < begin
  kNoMatchedLogicQueue,  // no such queue
  kNoMessageInQueue
};

struct ReadLimits {
  std::int32_t messages_max = 32;
  std::int64_t bytes_max = 128 << 20;  // at least 100, at most 128 MiB are honoured
};

struct ReaderOptions {
  // Keys of RocketMQ, in its order: maxTransferBytesOnMessageInMemory, maxTransferCount…,
  // …OnMessageInDisk; maxFilterMessageSize.
  std::int64_t hot_bytes_max = 256 << 10;
  std::int32_t hot_messages_max = 32;
  std::int64_t cold_bytes_max = 64 << 10;
  std::int32_t cold_messages_max = 8;
  std::int64_t scan_bytes_max = 16000;
  // Records within this distance of the log's end count as being in memory
  // (accessMessageInMemoryMaxRatio of the machine's memory).
  std::int64_t hot_distance_bytes = std::int64_t{4} << 30;
  // What was written last is in the page cache; beyond, it depends on what else needed the memory.
  std::int64_t recent_bytes = 64 << 20;
  // Of the store: what the device does not give is stepped over as damage is. Else it holds its
  // readers, for it may be back after a restart.
  bool accept_loss = false;
};

struct ReadResult {
  ReadStatus status = ReadStatus::kNoMatchedLogicQueue;
  std::int64_t next_offset = 0;
  std::int64_t min_offset = 0, max_offset = 0;
  std::vector<LogRange> ranges;  // whole records as stored, in queue order; neighbours are joined
  std::int32_t messages = 0;
  std::int64_t bytes = 0;
  std::int32_t damaged = 0;    // messages that were stepped over
  std::int32_t filtered = 0;   // entries that the filter refused
  bool suggest_slave = false;  // the consumer lags behind memory: it had better read elsewhere
};

// Reads queues: offset, filter and limits in, pinned ranges of the log out. Damaged records and
// entries are stepped over and counted, never served. A read ends before a record that the device
// does not give. Any thread, no state.
class Reader {
 public:
  Reader(const CommitLog& log, const QueueTable& queues, ReaderOptions options);

  // `filter` may be null: everything.
  ReadResult Read(const QueueSlot* queue, std::int64_t offset, const ReadLimits& limits,
                  const MessageFilter* filter) const;
  ReadResult Read(std::string_view topic, std::int32_t id, std::int64_t offset,
                  const ReadLimits& limits, const MessageFilter* filter) const;
  // Whether the records at `offset` lie too far behind to be in memory; such a read belongs on a
  // worker. False when there is nothing to read.
  bool IsCold(const QueueSlot& queue, std::int64_t offset) const;

  // Log offset of what a reader at `offset` needs next; at the queue's end, of the queue's last
  // byte: whoever has more than that can serve this reader.
  std::int64_t NextLogOffset(const QueueSlot& queue, std::int64_t offset) const;

  // The parts of the log that a read at `offset` is going to look at, neighbours joined: for who
  // must know whether they are in memory. Without those written so lately that they are.
  std::vector<LogRange> Extents(const QueueSlot& queue, std::int64_t offset,
                                const ReadLimits& limits) const;

  // The queue offset for a store time, as RocketMQ's searchOffset; 0 for a null queue.
  StatusOr<std::int64_t> OffsetByTime(const QueueSlot* queue, std::int64_t store_ms,
                                      TimeBoundary boundary = TimeBoundary::kLower) const;
  // Store time of the queue's first message, or of the message at `offset`; -1 if there is none.
  std::int64_t EarliestTime(const QueueSlot* queue) const;
  std::int64_t StoreTimeAt(const QueueSlot& queue, std::int64_t offset) const;

  // One record by its log offset; kNotFound when none starts there, kIo when the device does not
  // give all of it, and that is no accepted loss.
  StatusOr<LogRange> Record(std::int64_t log_offset) const;

 private:
  Status Judge(Status readable) const;
  void Scan(const QueueSlot& queue, std::int64_t offset, const ReadLimits& limits,
            const MessageFilter* filter, ReadResult* result) const;
  bool IsFull(const ReadResult& result, const ReadLimits& limits, std::int64_t size,
              bool cold) const;

  const CommitLog& log_;
  const QueueTable& queues_;
  const ReaderOptions options_;
};

}  // namespace comet::store
