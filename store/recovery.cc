#include "store/recovery.h"

#include <algorithm>
#include <string>
#include <utility>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/record_reader.h"
#include "store/holes.h"
#include "store/layout.h"
#include "store/log_scanner.h"

namespace comet::store {
namespace {

// RocketMQ's allowance for clocks and for what was on its way when the times were noted.
constexpr WallMs kSlackMs = 3000;
constexpr std::int64_t kPieceBytes = 1 << 20;

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
  COMET_ASSIGN(DamageList damaged, DamageList::Load(fs_, damaged_path_));
  const DamageList before = damaged;
  RecoveryReport report;
  report.last_store_ms = marks.log_store_ms;
  report.scanned_from = ScanStart(marks, clean);
  report.end = report.scanned_from;
  if (!clean || !EndsAt(report.end, marks)) Scan(damaged, report);
  COMET_TRY(CheckLoss(marks, report));
  for (const Damage& damage : report.damaged) damaged.Add(damage);
  damaged.DropFrom(report.end);
  damaged.DropBefore(log_.begin());
  if (damaged.all() != before.all()) COMET_TRY(damaged.Save(fs_, damaged_path_));
  if (!clean || report.end != marks.flushed || !marks.exact) {
    COMET_TRY(CutTail(report));
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

void Recovery::Scan(const DamageList& known, RecoveryReport& report) const {
  LogScanner scanner(log_, report.scanned_from, log_.end(), {.check_crc = true, .known = &known});
  while (const auto record = scanner.Next()) {
    report.last_store_ms = std::max(report.last_store_ms, record->store_ms);
  }
  report.damaged = scanner.damaged();
  report.end = scanner.position();
}

std::int64_t Recovery::ScanStart(const Marks& marks, bool clean) const {
  if (!marks.exact)
    return StartByTime(std::min(marks.log_store_ms, marks.queue_store_ms) - kSlackMs);
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
  if (marks.flushed > log_.end()) return {};
  report.damaged.push_back({report.end, report.lost_bytes});
  report.end = marks.flushed;
  return {};
}

Status Recovery::CutTail(RecoveryReport& report) {
  COMET_TRY(log_.RemoveSegmentsFrom(report.end + 1));
  const auto segments = log_.SegmentsIn(report.end, report.end + 1);
  if (segments.empty()) return {};
  Segment& last = *segments.front();
  for (const DataRange& range : DataFrom(last, report.end)) {
    for (auto at = range.begin; at < range.end; at += kPieceBytes) {
      const Slice piece = last.From(at, std::min(kPieceBytes, range.end - at));
      if (AllZero(piece)) continue;
      const std::string zeros(piece.size(), '\0');
      const Slice part = zeros;
      COMET_TRY(last.Write(at, std::span(&part, 1)));
      report.cut_bytes = at + std::ssize(piece) - report.end;
    }
  }
  return {};
}

// What was not known to be on the device is written once more before it is synced: after a failed
// sync the kernel may hold it for written, and a second sync would say yes without doing anything.
Status Recovery::SyncFrom(std::int64_t offset, std::int64_t end) {
  for (const auto& segment : log_.SegmentsIn(offset, end)) {
    for (auto at = std::max(offset, segment->base()); at < std::min(end, segment->end());) {
      const Slice piece = segment->From(at, std::min(kPieceBytes, end - at));
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
  if (report.cut_bytes != 0) {
    LOG_WARN << "an unfinished write was cut from the end of the log, which is now at "
             << Place(log_, config_, report.end);
  }
  LOG_INFO << "log recovered: " << log_.begin() << " to " << report.end << ", read from "
           << report.scanned_from;
}

}  // namespace comet::store
