#include "store/reader.h"

#include <algorithm>
#include <array>

#include "remoting/base/bytes.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/record.h"
#include "remoting/wire/record_reader.h"
#include "store/time_search.h"

namespace comet::store {
namespace {

constexpr std::int64_t kBytesLeast = 100;
constexpr std::int64_t kBytesMost = 128 << 20;
// What lies between two messages of a queue is read along up to here: one large read costs a disk
// less than many small ones, and others will want it.
constexpr std::int64_t kJoinBytes = 64 << 10;

// Whether the bytes begin with the record that the queue has at `index`.
bool IsRecordOf(Slice record, const QueueEntry& entry, std::int32_t queue_id, std::int64_t index) {
  using wire::OffsetOf;
  const auto magic = static_cast<std::uint32_t>(GetI32(record.data() + OffsetOf("magic")));
  return GetI32(record.data()) == entry.size &&
         (magic == wire::kMagicV1 || magic == wire::kMagicV2) &&
         GetI32(record.data() + OffsetOf("queueId")) == queue_id &&
         GetI64(record.data() + OffsetOf("queueOffset")) == index &&
         GetI64(record.data() + OffsetOf("logOffset")) == entry.log_offset;
}

// Turns entries of one queue into ranges of the log.
class Collector {
 public:
  enum class Got { kRecord, kRemoved, kDamaged, kUnreadable };

  Collector(const CommitLog& log, bool accept_loss, ReadResult* result)
      : log_(log), accept_loss_(accept_loss), result_(*result) {}

  Got Find(const QueueSlot& queue, std::int64_t index, const QueueEntry& entry) {
    const std::int64_t end = entry.log_offset + entry.size;
    if (entry.log_offset < log_.begin()) return Got::kRemoved;
    if (segment_ == nullptr || !segment_->Contains(entry.log_offset)) {
      segment_ = log_.SegmentAt(entry.log_offset);
    }
    if (segment_ == nullptr && entry.log_offset < log_.begin()) return Got::kRemoved;
    if (segment_ == nullptr || end > segment_->end() || end > log_.end() ||
        entry.size < static_cast<std::int32_t>(wire::kMinRecordBytes) ||
        log_.damaged().Find(entry.log_offset, end) != nullptr) {
      return Got::kDamaged;
    }
    if (!segment_->CanRead(entry.log_offset, entry.size)) {
      reason_ = segment_->CheckTouched(entry.log_offset, end).message();
      return accept_loss_ ? Got::kDamaged : Got::kUnreadable;
    }
    record_ = segment_->From(entry.log_offset, entry.size);
    return IsRecordOf(record_, entry, queue.id(), index) ? Got::kRecord : Got::kDamaged;
  }
  Slice record() const { return record_; }               // the one found last
  const std::string& reason() const { return reason_; }  // why the last one is unreadable

  void Keep() {
    ++result_.messages;
    result_.bytes += std::ssize(record_);
    if (!result_.ranges.empty()) {
      LogRange& last = result_.ranges.back();
      if (last.pin == segment_ && last.bytes.data() + last.bytes.size() == record_.data()) {
        last.bytes = {last.bytes.data(), last.bytes.size() + record_.size()};
        return;
      }
    }
    const Slice whole = segment_->From(segment_->base(), segment_->size());
    const auto position = static_cast<std::uint64_t>(record_.data() - whole.data());
    result_.ranges.push_back({record_, segment_, segment_->descriptor(), position});
  }

 private:
  const CommitLog& log_;
  const bool accept_loss_;
  ReadResult& result_;
  std::shared_ptr<const Segment> segment_;
  Slice record_;
  std::string reason_;
};

// Lets the last extent reach up to `end` when that is near and in the same file.
bool Extend(std::vector<LogRange>* extents, std::int64_t from, std::int64_t end) {
  if (extents->empty()) return false;
  LogRange& last = extents->back();
  const std::int64_t start = last.pin->base() + static_cast<std::int64_t>(last.file_position);
  const std::int64_t stop = start + std::ssize(last.bytes);
  if (from < stop || from - stop > kJoinBytes || end > last.pin->end()) return false;
  last.bytes = last.pin->From(start, end - start);
  return true;
}

ReadResult& Refuse(ReadResult& result, ReadStatus status, std::int64_t next_offset) {
  result.status = status;
  result.next_offset = next_offset;
  return result;
}

}  // namespace

Reader::Reader(const CommitLog& log, const QueueTable& queues, ReaderOptions options)
    : log_(log), queues_(queues), options_(options) {}

ReadResult Reader::Read(std::string_view topic, std::int32_t id, std::int64_t offset,
                        const ReadLimits& limits, const MessageFilter* filter) const {
  return Read(queues_.Find(topic, id), offset, limits, filter);
}

ReadResult Reader::Read(const QueueSlot* queue, std::int64_t offset, const ReadLimits& limits,
                        const MessageFilter* filter) const {
  ReadResult result;
  if (queue == nullptr) return result;
  result.min_offset = queue->queue().begin();
  result.max_offset = queue->queue().end();
  // Stored, perhaps answered, and on its way into the queue: whoever asks for it waits.
  const bool to_come = offset > result.max_offset && offset <= queue->next_offset.load();
  if (to_come) return Refuse(result, ReadStatus::kOffsetOverflowOne, offset);
  if (result.max_offset == 0) return Refuse(result, ReadStatus::kNoMessageInQueue, 0);
  if (offset < result.min_offset) {
    return Refuse(result, ReadStatus::kOffsetTooSmall, result.min_offset);
  }
  if (offset == result.max_offset) return Refuse(result, ReadStatus::kOffsetOverflowOne, offset);
  if (offset > result.max_offset) {
    return Refuse(result, ReadStatus::kOffsetOverflowBadly, result.max_offset);
  }
  Scan(*queue, offset, limits, filter, &result);
  return result;
}

// Whether one more record of `size` bytes would be too much.
bool Reader::IsFull(const ReadResult& result, const ReadLimits& limits, std::int64_t size,
                    bool cold) const {
  if (result.messages == 0) return false;
  const std::int64_t bytes_max = std::clamp(limits.bytes_max, kBytesLeast, kBytesMost);
  const std::int64_t bytes = result.bytes + size;
  if (result.messages >= limits.messages_max || bytes > bytes_max) return true;
  if (cold) {
    return bytes > options_.cold_bytes_max || result.messages >= options_.cold_messages_max;
  }
  return bytes > options_.hot_bytes_max || result.messages >= options_.hot_messages_max;
}

void Reader::Scan(const QueueSlot& queue, std::int64_t offset, const ReadLimits& limits,
                  const MessageFilter* filter, ReadResult* result) const {
  const std::int64_t scan_max = std::max(options_.scan_bytes_max / kQueueEntryBytes,
                                         static_cast<std::int64_t>(limits.messages_max));
  const std::int64_t log_end = log_.end();
  const std::int64_t stop =
      std::min(result->max_offset, offset + std::max<std::int64_t>(scan_max, 1));
  Collector collector(log_, options_.accept_loss, result);
  std::array<QueueEntry, 64> entries;
  bool removed = false;
  std::int64_t at = offset;
  std::int64_t last_log_offset = log_end;
  while (at < stop) {
    const auto want = static_cast<std::size_t>(std::min<std::int64_t>(
        {std::ssize(entries), stop - at, filter == nullptr ? limits.messages_max + 1 : 64}));
    auto got = queue.queue().Get(at, std::span(entries).first(std::max<std::size_t>(want, 1)));
    if (!got.ok()) {
      LOG_ERROR_LIMITED << "queue " << queue.topic() << '/' << queue.id() << " cannot be read at "
                        << at << "; a restart rebuilds it from the log: " << got.error().message();
    }
    if (!got.ok() || *got == 0) break;
    bool full = false;
    for (std::size_t n = 0; n < *got && !full; ++n) {
      const QueueEntry& entry = entries[n];
      if (entry.filler()) {
        ++at;
        continue;
      }
      full = IsFull(*result, limits, entry.size,
                    log_end - entry.log_offset > options_.hot_distance_bytes);
      if (full) break;
      last_log_offset = entry.log_offset;
      if (filter != nullptr && !filter->MatchesEntry(entry)) {
        ++result->filtered;
        ++at;
        continue;
      }
      const auto found = collector.Find(queue, at, entry);
      removed = removed || found == Collector::Got::kRemoved;
      if (found == Collector::Got::kUnreadable) {
        // The device may give it again, after a restart: nobody is sent past it.
        LOG_ERROR_LIMITED << "message " << at << " of queue " << queue.topic() << '/' << queue.id()
                          << " holds its readers: " << collector.reason()
                          << "; restart with a sound device, or with acceptLoss=true to pass it";
        full = true;
        break;
      }
      if (found == Collector::Got::kDamaged) {
        ++result->damaged;
        LOG_ERROR_LIMITED << "message " << at << " of queue " << queue.topic() << '/' << queue.id()
                          << " at log offset " << entry.log_offset
                          << " is damaged and is stepped over";
      } else if (found == Collector::Got::kRecord) {
        if (filter != nullptr && filter->needs_record() &&
            !filter->MatchesRecord(collector.record())) {
          ++result->filtered;
        } else {
          collector.Keep();
        }
      }
      ++at;
    }
    if (full) break;
  }
  result->next_offset = at;
  result->suggest_slave = log_end - last_log_offset > options_.hot_distance_bytes;
  if (result->messages > 0) {
    result->status = ReadStatus::kFound;
  } else if (at == offset) {
    result->status = ReadStatus::kOffsetFoundNull;
  } else {
    result->status = removed ? ReadStatus::kMessageWasRemoving : ReadStatus::kNoMatchedMessage;
  }
}

bool Reader::IsCold(const QueueSlot& queue, std::int64_t offset) const {
  QueueEntry entry;
  const auto got = queue.queue().Get(offset, {&entry, 1});
  if (!got.ok() || *got == 0 || entry.filler()) return false;
  return log_.end() - entry.log_offset > options_.hot_distance_bytes;
}

std::int64_t Reader::NextLogOffset(const QueueSlot& queue, std::int64_t offset) const {
  QueueEntry entry;
  const auto got = queue.queue().Get(offset, {&entry, 1});
  if (!got.ok() || *got == 0 || entry.filler()) return queue.queue().log_end() - 1;
  return entry.log_offset;
}

std::vector<LogRange> Reader::Extents(const QueueSlot& queue, std::int64_t offset,
                                      const ReadLimits& limits) const {
  std::vector<LogRange> extents;
  const std::int64_t recent_from = log_.end() - options_.recent_bytes;
  if (log_.begin() >= recent_from) return extents;
  std::array<QueueEntry, 64> entries;
  const auto want = std::clamp<std::int64_t>(
      std::min(limits.messages_max, options_.hot_messages_max), 1, std::ssize(entries));
  const auto got =
      queue.queue().Get(offset, std::span(entries).first(static_cast<std::size_t>(want)));
  if (!got.ok()) return extents;
  std::int64_t bytes = 0;
  for (const QueueEntry& entry : std::span(entries).first(*got)) {
    if (entry.filler()) continue;
    bytes += entry.size;
    if (entry.log_offset >= recent_from || (bytes > options_.hot_bytes_max && !extents.empty()))
      break;
    if (Extend(&extents, entry.log_offset, entry.log_offset + entry.size)) continue;
    auto segment = log_.SegmentAt(entry.log_offset);
    if (segment == nullptr) continue;
    const auto position = static_cast<std::uint64_t>(entry.log_offset - segment->base());
    const Slice record = segment->From(entry.log_offset, entry.size);
    extents.push_back({record, std::move(segment), -1, position});
  }
  return extents;
}

StatusOr<std::int64_t> Reader::OffsetByTime(const QueueSlot* queue, std::int64_t store_ms,
                                            TimeBoundary boundary) const {
  if (queue == nullptr) return std::int64_t{0};
  return TimeSearch(log_, *queue).Find(store_ms, boundary);
}

std::int64_t Reader::EarliestTime(const QueueSlot* queue) const {
  if (queue == nullptr) return -1;
  return TimeSearch(log_, *queue).EarliestTime();
}

std::int64_t Reader::StoreTimeAt(const QueueSlot& queue, std::int64_t offset) const {
  return TimeSearch(log_, queue).TimeAt(offset).value_or(-1);
}

// Of a segment, about what is to be read.
Status Reader::Judge(Status readable) const {
  if (readable.ok()) return readable;
  LOG_ERROR_LIMITED << readable.message();
  if (!options_.accept_loss) return readable;
  return {Status::Code::kCorruption, readable.message()};
}

StatusOr<LogRange> Reader::Record(std::int64_t log_offset) const {
  const auto segment = log_.SegmentAt(log_offset);
  if (segment == nullptr || log_offset < log_.begin() || log_offset >= log_.end()) {
    return Status(Status::Code::kNotFound, Concat("no record at log offset ", log_offset));
  }
  const std::int64_t end = std::min(segment->end(), log_.end());
  const auto header = std::min<std::int64_t>(end - log_offset, wire::kMinRecordBytes);
  COMET_TRY(Judge(segment->CheckReadable(log_offset, header)));
  wire::RecordChecks checks;
  checks.log_offset = log_offset;
  const auto read = wire::ReadRecord(segment->From(log_offset, end - log_offset), checks);
  // Before it is judged: zeros for lost bytes look like damage.
  const auto bytes = std::clamp<std::int64_t>(read.record.bytes, header, end - log_offset);
  COMET_TRY(Judge(segment->CheckTouched(log_offset, log_offset + bytes)));
  if (read.state != wire::RecordState::kRecord) {
    return Status(Status::Code::kNotFound, Concat("no record at log offset ", log_offset));
  }
  COMET_TRY(Judge(segment->CheckReadable(log_offset, bytes)));
  return log_.Read(log_offset, read.record.bytes);
}

}  // namespace comet::store
