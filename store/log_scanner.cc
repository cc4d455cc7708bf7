#include "store/log_scanner.h"

#include <algorithm>
#include <cstring>

#include "remoting/base/bytes.h"
#include "remoting/base/text.h"
#include "remoting/wire/record.h"
#include "store/dispatch_facts.h"
#include "store/holes.h"
#include "store/layout.h"
#include "store/queue_table.h"
#include "store/queue_units.h"
#include "store/record_tail.h"

namespace comet::store {
namespace {

constexpr std::int64_t kMagicAt = wire::OffsetOf("magic");
constexpr int kMagicFirst = 0xda;
constexpr std::int64_t kSearchBytes = 1 << 20;

bool IsMagic(std::uint32_t value) {
  return value == wire::kMagicV1 || value == wire::kMagicV2;
}

}  // namespace

LogScanner::LogScanner(const CommitLog& log, std::int64_t from, std::int64_t to, Options options)
    : log_(log), to_(to), options_(options), position_(from) {}

std::optional<wire::RecordView> LogScanner::Next() {
  while (position_ < to_) {
    if (SkipKnownDamage()) continue;
    if (!EnterSegment(position_)) return std::nullopt;
    wire::RecordResult result;
    switch (LookAt(position_, result)) {
      case Found::kRecord:
        position_ += result.record.bytes;
        last_store_ms_ = std::max(last_store_ms_, result.record.store_ms);
        return result.record;
      case Found::kBlank:
        position_ = segment_->end();
        continue;
      case Found::kNothing:
        break;
    }
    const auto next = NextBelieved(position_, result.record.bytes);
    if (!next) return std::nullopt;
    damaged_.push_back({position_, *next - position_});
    position_ = *next;
  }
  return std::nullopt;
}

bool LogScanner::SkipKnownDamage() {
  if (options_.known == nullptr) return false;
  const Damage* damage = options_.known->Find(position_, position_ + 1);
  if (damage == nullptr) return false;
  position_ = damage->end();
  return true;
}

bool LogScanner::EnterSegment(std::int64_t offset) {
  if (segment_ == nullptr || !segment_->Contains(offset)) segment_ = log_.SegmentAt(offset);
  return segment_ != nullptr;
}

LogScanner::Found LogScanner::LookAt(std::int64_t offset, wire::RecordResult& result) const {
  const auto rest = segment_->end() - offset;
  const Slice bytes = segment_->From(offset, std::min(rest, to_ - offset));
  result = wire::ReadRecord(bytes, {options_.check_crc, offset});
  if (result.state == wire::RecordState::kRecord) {
    // What was touched for it, zeros for lost bytes may have been believed.
    const auto end = offset + static_cast<std::int64_t>(result.record.bytes);
    if (segment_->FirstUnreadable(offset, end)) return Found::kNothing;
    const char* const file = segment_->From(segment_->base(), 1).data();
    const bool whole = !options_.check_crc || TailIsWhole(result.record, file);
    return whole ? Found::kRecord : Found::kNothing;
  }
  const bool blank = result.state == wire::RecordState::kBlank && result.record.bytes == rest;
  return blank ? Found::kBlank : Found::kNothing;
}

// Behind damage a record must also not be older than what came before it: RocketMQ cuts its log
// without erasing, so whole records of a former life can lie behind the end.
bool LogScanner::Believed(std::int64_t offset) const {
  wire::RecordResult result;
  const Found found = LookAt(offset, result);
  return found == Found::kBlank ||
         (found == Found::kRecord && result.record.store_ms >= last_store_ms_);
}

// Where the next record is that can be believed, or the blank record right behind the damaged one.
// A damaged record whose sizes are right is stepped over as a whole, so that nothing in its body is
// ever taken for a record.
std::optional<std::int64_t> LogScanner::NextBelieved(std::int64_t from, std::int64_t claimed) {
  const auto behind = from + claimed;
  if (claimed > 0 && segment_->Contains(behind) && Believed(behind)) return behind;
  if (const auto found = SearchSegment(from + 1)) return found;
  while (segment_->end() < to_ && EnterSegment(segment_->end())) {
    if (const auto found = SearchSegment(segment_->base())) return found;
  }
  return std::nullopt;
}

std::optional<std::int64_t> LogScanner::SearchSegment(std::int64_t from) const {
  const auto stop = std::min(segment_->end(), to_);
  for (const DataRange& range : DataFrom(*segment_, from + kMagicAt)) {
    const auto end = std::min(range.end, stop);
    for (auto at = range.begin; at < end; at += kSearchBytes) {
      if (const auto found = SearchPiece(at, std::min(at + kSearchBytes + 3, end))) return found;
    }
  }
  return std::nullopt;
}

// A record whose magic lies in [from, to).
std::optional<std::int64_t> LogScanner::SearchPiece(std::int64_t from, std::int64_t to) const {
  const Slice bytes = segment_->From(from, to - from);
  const char* const end = bytes.data() + bytes.size();
  for (const char* at = bytes.data(); end - at >= 4; ++at) {
    at = static_cast<const char*>(std::memchr(at, kMagicFirst, static_cast<std::size_t>(end - at)));
    if (at == nullptr || end - at < 4) break;
    const auto offset = from + (at - bytes.data()) - kMagicAt;
    if (IsMagic(GetBigEndian<std::uint32_t>(at)) && Believed(offset)) return offset;
  }
  return std::nullopt;
}

StatusOr<DispatchEntry> EntryOf(const wire::RecordView& record, QueueTable& queues,
                                const DelayTable& delays) {
  if (!IsQueueName(record.topic, record.queue_id)) {
    return Status(Status::Code::kCorruption,
                  Concat("the record at ", record.log_offset, " names no queue that can exist"));
  }
  if (record.queue_offset < 0 || record.queue_offset > kQueueOffsetMax) {
    return Status(Status::Code::kCorruption,
                  Concat("the record at ", record.log_offset, " has queue offset ",
                         record.queue_offset, ", which no queue gives"));
  }
  auto facts = DispatchFactsOf(record.topic, record.sys_flag, record.properties, delays);
  DispatchEntry entry;
  entry.queue = queues.FindOrCreate(record.topic, record.queue_id);
  entry.queue_offset = record.queue_offset;
  entry.log_offset = record.log_offset;
  entry.store_ms = record.store_ms;
  entry.size = static_cast<std::int32_t>(record.bytes);
  entry.tags_code = facts.tags.code + (facts.tags.delay_from_store ? record.store_ms : 0);
  entry.transaction = facts.transaction;
  entry.keys = std::move(facts.keys);
  return entry;
}

}  // namespace comet::store
