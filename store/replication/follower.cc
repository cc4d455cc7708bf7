#include "store/replication/follower.h"

#include <algorithm>
#include <span>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "store/log_scanner.h"
#include "store/record_tail.h"
#include "store/store_metrics.h"

namespace comet::store {
namespace {

constexpr std::size_t kPrefixBytes = wire::kBlankBytes;  // tell size and kind of what follows
constexpr std::int64_t kBlankBytes = wire::kBlankBytes;
// What a record has beside its body, at most: fields, topic, properties.
constexpr std::int64_t kRecordExtraBytes = 128 << 10;
// As on a master that takes no messages until its queues can be written again.
constexpr std::size_t kDispatchBacklogMax = 1'000'000;

}  // namespace

Follower::Follower(Parts parts, const StoreConfig& config)
    : p_(parts), config_(config), last_store_ms_(parts.appender.last_store_ms()) {
  Restart();
}

void Follower::Restart() {
  unfinished_.clear();
  rest_at_ = 0;
  expected_.store(p_.log.end(), std::memory_order_release);
}

Status Follower::OnFrame(const wire::HaHeader& header, Slice body) {
  Status status = CheckPlace(header, body);
  if (status.ok() && body.empty()) return {};
  if (status.ok()) status = Take(header.offset, body);
  if (!status.ok()) {
    Restart();
    return status;
  }
  const std::int64_t end = p_.log.end() + std::ssize(unfinished_);
  expected_.store(rest_at_ != 0 ? rest_at_ : end, std::memory_order_release);
  return {};
}

Status Follower::CheckPlace(const wire::HaHeader& header, Slice body) const {
  const std::int64_t in_file = header.offset % p_.log.segment_bytes();
  const bool first = expected() == 0;
  if (first && in_file != 0) {
    return {Status::Code::kInvalid,
            Concat("the master's stream begins at log offset ", header.offset,
                   ", this replica's log is empty and can only begin where a file does, at a "
                   "multiple of ",
                   p_.log.segment_bytes(), ": mappedFileSizeCommitLog must be the master's")};
  }
  if (!first && header.offset != expected()) {
    return {Status::Code::kInvalid,
            Concat("the master's stream is at log offset ", header.offset,
                   ", this replica's log continues at ", expected(),
                   ": they are not the same log; keep this store if it has what the master lost, "
                   "else wipe it to copy the master's")};
  }
  if (header.bytes != std::ssize(body) || in_file + header.bytes > p_.log.segment_bytes()) {
    return {Status::Code::kInvalid,
            Concat("a frame of ", header.bytes, " bytes at log offset ", header.offset,
                   " spans two log files of this replica: mappedFileSizeCommitLog, here ",
                   p_.log.segment_bytes(), ", must be the master's")};
  }
  return {};
}

Status Follower::Take(std::int64_t offset, Slice bytes) {
  if (p_.gate.poisoned()) return {Status::Code::kIo, p_.gate.poison_reason()};
  if (p_.dispatch.backlog() >= kDispatchBacklogMax) {
    return {Status::Code::kUnavailable, "the queues cannot be written, the log waits for them"};
  }
  if (AtFileEnd()) COMET_TRY(CloseFile());
  const bool elsewhere = expected() == 0 && offset != 0;
  if (p_.log.full() || elsewhere) COMET_TRY(NextFile(offset));
  while (!bytes.empty()) {
    if (rest_at_ != 0) {
      COMET_TRY(TakeRestOfFile(&bytes));
    } else if (unfinished_.empty()) {
      COMET_TRY(TakeRecords(&bytes));
    } else {
      COMET_TRY(FinishRecord(&bytes));
    }
  }
  return {};
}

Status Follower::NextFile(std::int64_t offset) {
  Status opened = p_.log.end() == 0 ? p_.log.StartEmptyAt(offset) : p_.log.Roll();
  const bool waits =
      opened.code() == Status::Code::kFull || opened.code() == Status::Code::kUnavailable;
  return opened.ok() || waits ? std::move(opened) : Poison(std::move(opened));
}

// Writes as many whole records as there are, in one piece; keeps the beginning of the next.
Status Follower::TakeRecords(Slice* bytes) {
  const std::int64_t from = p_.log.end();
  std::size_t whole = 0;
  wire::RecordResult unit;
  Status judged;
  do {
    const auto offset = from + static_cast<std::int64_t>(whole);
    const Slice rest = bytes->substr(whole);
    unit = wire::ReadRecord(rest, {.body_crc = true, .log_offset = offset});
    judged = Judge(unit, offset, rest);
    if (!judged.ok() || unit.state != wire::RecordState::kRecord) break;
    Note(unit.record);
    whole += unit.record.bytes;
  } while (whole < bytes->size());
  COMET_TRY(Write(bytes->substr(0, whole)));
  bytes->remove_prefix(whole);
  if (!judged.ok() || bytes->empty()) return judged;
  const bool blank = unit.state == wire::RecordState::kBlank;
  Keep(bytes, blank ? kPrefixBytes : bytes->size());
  if (blank) rest_at_ = p_.log.end() + kBlankBytes;
  return {};
}

void Follower::Keep(Slice* bytes, std::size_t count) {
  const std::size_t taken = std::min(count, bytes->size());
  unfinished_.append(bytes->substr(0, taken));
  bytes->remove_prefix(taken);
}

// Adds what the record under way still lacks. Its first bytes tell how much that is.
Status Follower::FinishRecord(Slice* bytes) {
  const std::size_t prefix = unfinished_.size() < kPrefixBytes ? kPrefixBytes : 0;
  const std::size_t wanted = prefix != 0 ? prefix : GetBigEndian<std::uint32_t>(unfinished_.data());
  Keep(bytes, wanted - unfinished_.size());
  if (unfinished_.size() < wanted) return {};
  const std::string whole = std::exchange(unfinished_, {});
  Slice record = whole;
  return TakeRecords(&record);
}

// What lies behind the blank record is written first, so that a restart in between finds the log's
// end before it. That is right even when all of it has come: as long as nothing follows, a master
// that loses its tail may go on with other records in this file.
Status Follower::TakeRestOfFile(Slice* bytes) {
  if (Status written = p_.log.WriteAhead(rest_at_, *bytes); !written.ok()) {
    return Poison(std::move(written));
  }
  rest_at_ += std::ssize(*bytes);
  *bytes = {};
  return {};
}

Status Follower::CloseFile() {
  if (Status closed = p_.log.CloseFile(unfinished_); !closed.ok()) {
    return Poison(std::move(closed));
  }
  unfinished_.clear();
  rest_at_ = 0;
  AskForFlush();
  return {};
}

// Whether `unit`, found at `offset`, may be part of this log, or may become it with more bytes.
Status Follower::Judge(const wire::RecordResult& unit, std::int64_t offset, Slice bytes) const {
  const std::int64_t size = unit.record.bytes;
  const std::int64_t in_file = offset % p_.log.segment_bytes();
  const std::int64_t rest = p_.log.segment_bytes() - in_file;
  std::string_view reason = unit.reason;
  switch (unit.state) {
    case wire::RecordState::kBlank:
      if (size != rest) reason = "the blank record does not end with its file";
      break;
    case wire::RecordState::kTruncated:
    case wire::RecordState::kRecord:
      if (size > rest - kBlankBytes) reason = "it is larger than what is left of its file";
      if (size > config_.message_bytes_max + kRecordExtraBytes) {
        reason = "it is larger than maxMessageSize allows here; set it as on the master";
      }
      if (unit.state == wire::RecordState::kRecord &&
          !TailIsWhole(unit.record, bytes.data(), static_cast<std::size_t>(in_file))) {
        reason = "a part of its topic or properties is missing";
      }
      break;
    case wire::RecordState::kDamaged:
      break;
  }
  if (reason.empty()) return {};
  return {
      Status::Code::kCorruption,
      Concat("what the master sends for log offset ", offset, " is no record of this log: ", reason,
             "; this replica's log ends there. Look for damage of the master's log at "
             "that offset; if there is none the two logs differ: keep this store if it has "
             "what the master lost, else wipe it to copy the master's")};
}

void Follower::Note(const wire::RecordView& record) {
  last_store_ms_ = std::max(last_store_ms_, record.store_ms);
  auto entry = EntryOf(record, p_.queues, p_.delays);
  if (!entry.ok()) {
    LOG_ERROR_LIMITED << "not in any queue: " << entry.error().message();
    return;
  }
  entries_.push_back(entry.Take());
  if (record.queue_offset == 0 && on_queue_) on_queue_(record.topic, record.queue_id);
}

Status Follower::Write(Slice records) {
  if (records.empty()) return {};
  if (Status written = p_.log.Append(std::span(&records, 1)); !written.ok()) {
    entries_.clear();
    return Poison(std::move(written));
  }
  p_.appender.StartAfter(last_store_ms_);
  p_.metrics.bytes.Add(std::ssize(records));
  p_.metrics.groups.Add();
  Offer();
  AskForFlush();
  return {};
}

Status Follower::Poison(Status reason) {
  p_.gate.Poison(reason);
  p_.tracker.Fail();
  return {Status::Code::kIo, reason.message()};
}

// A queue's next offset follows, for readers who ask whether more is to come.
void Follower::Offer() {
  if (entries_.empty()) return;
  for (const DispatchEntry& entry : entries_) {
    if (entry.in_queue()) entry.queue->next_offset = entry.queue_offset + 1;
  }
  p_.metrics.appended.Add(std::ssize(entries_));
  p_.dispatch.Offer(std::exchange(entries_, {}));
}

void Follower::AskForFlush() {
  const bool much = p_.log.end() - p_.log.flushed() >= config_.flush_bytes;
  if (flush_at_once_ || much || config_.sync_flush()) p_.flusher.Request();
}

}  // namespace comet::store
