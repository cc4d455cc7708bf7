#include "store/recovery.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/record_writer.h"
#include "store/holes.h"
#include "store/layout.h"
#include "store/log_scanner.h"
#include "store/lost_record.h"

namespace comet::store {
namespace {

// RocketMQ's allowance for clocks and for what was on its way when the times were noted.
constexpr WallMs kSlackMs = 3000;
constexpr std::int64_t kReadBytes = 1 << 20;

std::string Place(const CommitLog& log, const StoreConfig& config, std::int64_t offset) {
  const auto segment = log.SegmentAt(offset);
  const auto base = offset - offset % log.segment_bytes();
  const std::string path =
      segment != nullptr ? segment->path() : PathIn(config.commit_log_path(), SegmentName(base));
  return Concat(path, segment != nullptr ? "" : ", which is missing or empty,", " at byte ",
                offset - base, " (log offset ", offset, ")");
}

}  // namespace

Recovery::Recovery(FileSystem& fs, CommitLog& log, const StoreConfig& config)
    : fs_(fs), log_(log), config_(config), damaged_path_(PathIn(config.root, kDamagedName)) {}

StatusOr<RecoveryReport> Recovery::Run(const Marks& marks, bool clean) {
  COMET_ASSIGN(DamageList damaged, DamageList::Load(fs_, damaged_path_, log_.end()));
  const DamageList before = damaged;
  RecoveryReport report;
  report.last_store_ms = marks.log_store_ms;
  report.scanned_from = ScanStart(marks, clean);
  report.end = report.scanned_from;
  if (!clean || !EndsAt(report.end, marks)) Scan(damaged, report);
  COMET_TRY(CheckReadable());
  COMET_TRY(CheckLoss(marks, report));
  COMET_TRY(RepairUnwritten(marks, report));
  for (const Damage& damage : report.damaged) damaged.Add(damage);
  damaged.DropFrom(report.end);
  damaged.DropBefore(log_.begin());
  if (damaged.left_out() || damaged.all() != before.all()) {
    COMET_TRY(damaged.Save(fs_, damaged_path_));
  }
  // There is no record in it. One that an orderly stop has removed may be back after a power cut.
  const bool file_behind = log_.end() - report.end > log_.segment_bytes();
  if (!clean || file_behind || report.end != marks.flushed || !marks.exact) {
    COMET_TRY(CutTail(report));
    if (config_.accept_loss) COMET_TRY(log_.MapLostAnew());
    const auto known = marks.exact ? std::min(marks.flushed, report.end) : report.scanned_from;
    COMET_TRY(SyncFrom(std::max(known, log_.begin()), report.end));
  }
  log_.StartAt(report.end, std::move(damaged));
  Report(report);
  return report;
}

// After an orderly stop with exact marks there is nothing behind them; a look at the first bytes
// tells whether that is still so.
bool Recovery::EndsAt(std::int64_t end, const Marks& marks) const {
  if (!marks.exact || marks.flushed != end) return false;
  const auto segment = log_.SegmentAt(end);
  if (segment == nullptr) return end == log_.end();
  const bool last = segment->end() == log_.end();
  return last && AllZero(segment->From(end, static_cast<std::int64_t>(wire::kMinRecordBytes)));
}

void Recovery::Scan(const DamageList& known, RecoveryReport& report) {
  LogScanner scanner(log_, report.scanned_from, log_.end(), {.check_crc = true, .known = &known});
  std::optional<wire::RecordView> record;
  do {
    record = scanner.Next();
    before_damage_.resize(scanner.damaged().size(), report.last_store_ms);
    if (record) report.last_store_ms = std::max(report.last_store_ms, record->store_ms);
  } while (record);
  report.damaged = scanner.damaged();
  report.end = scanner.position();
}

std::int64_t Recovery::ScanStart(const Marks& marks, bool clean) const {
  if (!marks.exact) {
    return StartByTime(std::min(marks.log_store_ms, marks.queue_store_ms) - kSlackMs);
  }
  const auto mark = std::clamp(std::min(marks.flushed, marks.dispatched), log_.begin(), log_.end());
  if (clean) return mark;
  const auto segment = log_.SegmentAt(mark);
  return segment == nullptr ? mark : segment->base();
}

// As RocketMQ does: the last file whose first record is old enough.
std::int64_t Recovery::StartByTime(WallMs store_ms) const {
  const auto segments = log_.segments();
  for (auto it = segments.rbegin(); it != segments.rend(); ++it) {
    const Slice bytes = (*it)->From((*it)->base(), (*it)->size());
    const auto first = wire::ReadRecord(bytes, {.body_crc = false, .log_offset = (*it)->base()});
    const bool record = first.state == wire::RecordState::kRecord;
    if (record && first.record.store_ms <= store_ms) return (*it)->base();
  }
  return log_.begin();
}

// What cannot be read may have been answered, and may be back at the next start: nothing is taken
// for damage, cut off or written over because of it.
Status Recovery::CheckReadable() const {
  return config_.accept_loss ? Status() : log_.CheckTouched();
}

// Below the flushed mark nothing may be missing. When the operator accepts that something is, its
// place is kept, so that no consumer ever sees another message under an offset it has seen.
Status Recovery::CheckLoss(const Marks& marks, RecoveryReport& report) const {
  if (!marks.exact || report.end >= marks.flushed) return {};
  report.lost_bytes = marks.flushed - report.end;
  const std::string what =
      Concat("the log ends at ", Place(log_, config_, report.end), ", but ", report.lost_bytes,
             " bytes more were on disk when the checkpoint was written (up to log offset ",
             marks.flushed, ")");
  if (!config_.accept_loss) {
    return {
        Status::Code::kCorruption,
        Concat(what, "; restore the files, or set acceptLoss=true to start without these bytes")};
  }
  LOG_ERROR << what << "; starting without them, as acceptLoss says";
  if (marks.flushed > log_.end() || config_.replica) return {};  // its master has them
  report.damaged.push_back({report.end, report.lost_bytes});
  report.end = marks.flushed;
  return {};
}

Status Recovery::RepairUnwritten(const Marks& marks, RecoveryReport& report) {
  const bool copied = config_.replica || marks.replica;
  // No mark tells what was written last: RocketMQ's do not, and a log may come without any. Its
  // damage stays where it is, unless a master has what is missing in this copy.
  if (!marks.exact && (marks.log_store_ms != 0 || !copied)) return {};
  report.unwritten_kept = !copied && config_.sync_flush();
  for (std::size_t i = 0; i < before_damage_.size(); ++i) {
    const Damage damage = report.damaged[i];
    if (damage.log_offset < marks.flushed) continue;
    report.unwritten_bytes += damage.bytes;
    if (!report.unwritten_kept) {
      report.end = damage.log_offset;
      break;
    }
    COMET_TRY(Fill(damage, before_damage_[i]));
  }
  std::erase_if(report.damaged,
                [&](const Damage& damage) { return damage.log_offset >= marks.flushed; });
  return {};
}

// With records, and with a blank one where a file ends.
Status Recovery::Fill(const Damage& damage, WallMs store_ms) {
  for (const auto& segment : log_.SegmentsIn(damage.log_offset, damage.end())) {
    auto at = std::max(damage.log_offset, segment->base());
    if (damage.end() >= segment->end()) {
      char blank[wire::kBlankBytes];
      wire::EncodeBlank(static_cast<std::uint32_t>(segment->end() - at), blank);
      const Slice part(blank, sizeof(blank));
      // What was torn there must not reach the copies, of which some may lose it again.
      if (auto zeroed = ZeroFrom(*segment, at); !zeroed.ok()) return zeroed.TakeError();
      COMET_TRY(segment->Write(at, std::span(&part, 1)));
      continue;
    }
    while (at < damage.end()) {
      const auto left = damage.end() - at;
      const auto bytes = left < kReadBytes + kLostRecordBytesMin ? left : kReadBytes;
      const std::string record = EncodeLostRecord(at, bytes, store_ms);
      const Slice part = record;
      COMET_TRY(segment->Write(at, std::span(&part, 1)));
      at += bytes;
    }
  }
  return {};
}

Status Recovery::CutTail(RecoveryReport& report) {
  COMET_TRY(log_.RemoveSegmentsFrom(report.end + 1));
  const auto segments = log_.SegmentsIn(report.end, report.end + 1);
  if (segments.empty()) return {};
  COMET_ASSIGN(report.cut_bytes, ZeroFrom(*segments.front(), report.end));
  return {};
}

// Returns how far from `offset` there was something else than zeros.
StatusOr<std::int64_t> Recovery::ZeroFrom(Segment& segment, std::int64_t offset) const {
  std::int64_t found = 0;
  for (const DataRange& range : DataFrom(segment, offset)) {
    for (auto at = range.begin; at < range.end; at += kReadBytes) {
      const Slice piece = segment.From(at, std::min(kReadBytes, range.end - at));
      const bool readable = segment.CanRead(at, std::ssize(piece));
      if (!readable) COMET_TRY(CheckReadable());
      if (readable && AllZero(piece)) continue;
      found = at + std::ssize(piece) - offset;
      const std::string zeros(piece.size(), '\0');
      const Slice part = zeros;
      COMET_TRY(segment.Write(at, std::span(&part, 1)));
    }
  }
  return found;
}

// What was not known to be on the device is written once more before it is synced: after a failed
// sync the kernel may hold it for written, and a second sync would say yes without doing anything.
Status Recovery::SyncFrom(std::int64_t offset, std::int64_t end) {
  for (const auto& segment : log_.SegmentsIn(offset, end)) {
    for (auto at = std::max(offset, segment->base()); at < std::min(end, segment->end());) {
      const Slice piece = segment->From(at, std::min(kReadBytes, end - at));
      if (!segment->CanRead(at, std::ssize(piece))) COMET_TRY(CheckReadable());
      COMET_TRY(segment->Write(at, std::span(&piece, 1)));
      at += static_cast<std::int64_t>(piece.size());
    }
  }
  for (const auto& segment : log_.SegmentsIn(offset, INT64_MAX)) COMET_TRY(segment->Sync());
  return {};
}

void Recovery::Report(const RecoveryReport& report) const {
  for (const Damage& damage : report.damaged) {
    LOG_ERROR
        << "the log is damaged: " << damage.bytes << " bytes in "
        << Place(log_, config_, damage.log_offset)
        << " cannot be read; they keep their place and are never served, what follows is whole";
  }
  if (report.unwritten_bytes != 0) {
    LOG_WARN << report.unwritten_bytes << " bytes in the last writes of the log did not reach the "
             << "device before the power went; "
             << (report.unwritten_kept ? "what was written behind them is kept"
                                       : "the log is cut there");
  }
  if (report.cut_bytes != 0) {
    LOG_WARN << "an unfinished write was cut from the end of the log, which is now at "
             << Place(log_, config_, report.end);
  }
  LOG_INFO << "log recovered: " << log_.begin() << " to " << report.end << ", read from "
           << report.scanned_from;
}

}  // namespace comet::store
