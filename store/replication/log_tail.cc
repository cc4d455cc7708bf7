#include "store/replication/log_tail.h"

#include <algorithm>
#include <optional>
#include <span>

#include "remoting/base/crc32.h"
#include "remoting/base/text.h"
#include "remoting/wire/record_reader.h"
#include "store/log_scanner.h"

namespace comet::store {
namespace {

struct TailRecord {
  std::int64_t offset = 0, bytes = 0;
  std::int64_t end() const { return offset + bytes; }
};

// Of the last record that any queue has.
TailRecord LastIndexed(const CommitLog& log, const QueueTable& queues) {
  TailRecord last;
  queues.ForEach([&](const QueueSlot& slot) {
    const ConsumeQueue& queue = slot.queue();
    QueueEntry entry;
    if (queue.end() <= queue.begin()) return;
    const auto got = queue.Get(queue.end() - 1, std::span(&entry, 1));
    if (!got.ok() || *got != 1 || entry.filler()) return;
    const bool in_log =
        entry.log_offset >= log.begin() && entry.log_offset + entry.size <= log.end();
    if (in_log && entry.log_offset >= last.offset) last = {entry.log_offset, entry.size};
  });
  return last;
}

// Of the last record at or behind `from`, the place of a record.
std::optional<TailRecord> LastFrom(const CommitLog& log, std::int64_t from) {
  LogScanner scanner(log, from, log.end(), {.check_crc = false, .known = &log.damaged()});
  std::optional<TailRecord> last;
  while (const auto record = scanner.Next()) last = TailRecord{record->log_offset, record->bytes};
  return last;
}

TailRecord LastFound(const CommitLog& log, const QueueTable& queues) {
  // Prepared messages are in no queue, and queues may lag behind.
  const TailRecord indexed = LastIndexed(log, queues);
  if (indexed.bytes > 0) return LastFrom(log, indexed.offset).value_or(indexed);
  const auto segments = log.segments();
  for (auto it = segments.rbegin(); it != segments.rend(); ++it) {
    if ((*it)->base() >= log.end()) continue;
    if (const auto found = LastFrom(log, (*it)->base())) return *found;
  }
  return {};
}

// Not believed when the device does not give something behind it: another may be there.
StatusOr<TailRecord> LastPlace(const CommitLog& log, const QueueTable& queues) {
  const TailRecord last = LastFound(log, queues);
  for (const auto& segment : log.segments()) {
    const auto from = std::max(last.offset, segment->base());
    const auto end = std::min(log.end(), segment->end());
    if (from < end) COMET_TRY(segment->CheckTouched(from, end));
  }
  return last;
}

}  // namespace

StatusOr<LogTail> TailOf(const CommitLog& log, const QueueTable& queues) {
  COMET_ASSIGN(const TailRecord last, LastPlace(log, queues));
  if (last.bytes == 0) return LogTail();
  LogTail tail{last.offset, last.bytes, 0};
  const auto segment = log.SegmentAt(last.offset);
  if (log.end() > last.end()) {
    tail.bytes += std::min<std::int64_t>(wire::kBlankBytes, segment->end() - last.end());
  }
  COMET_TRY(segment->CheckReadable(tail.offset, tail.bytes));
  tail.crc = static_cast<std::uint32_t>(Crc32(segment->From(tail.offset, tail.bytes)));
  return tail;
}

Status CheckTail(const CommitLog& log, const LogTail& tail) {
  if (tail.bytes == 0) return {};
  const auto segment = tail.offset >= log.begin() ? log.SegmentAt(tail.offset) : nullptr;
  if (tail.bytes < 0 || segment == nullptr ||
      tail.bytes > std::min(log.end(), segment->end()) - tail.offset) {
    return {Status::Code::kNotFound,
            Concat("the replica's last record is at log offset ", tail.offset, " and has ",
                   tail.bytes, " bytes, this log is from ", log.begin(), " to ", log.end())};
  }
  COMET_TRY(segment->CheckReadable(tail.offset, tail.bytes));
  if (static_cast<std::uint32_t>(Crc32(segment->From(tail.offset, tail.bytes))) != tail.crc) {
    return {Status::Code::kInvalid,
            Concat("the logs have diverged: at log offset ", tail.offset,
                   ", where the replica's last record is, this log has other bytes; keep the "
                   "replica's store if it has what this log lost, else wipe it to copy this one")};
  }
  return {};
}

StatusOr<LogRange> LastRecord(const CommitLog& log, const QueueTable& queues) {
  COMET_ASSIGN(const TailRecord last, LastPlace(log, queues));
  if (last.bytes == 0) return LogRange();
  COMET_ASSIGN(auto range, log.Read(last.offset, static_cast<std::uint32_t>(last.bytes)));
  COMET_TRY(range.pin->CheckReadable(last.offset, last.bytes));
  return range;
}

}  // namespace comet::store
