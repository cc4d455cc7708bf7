#include "store/commit_log.h"

#include <algorithm>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/record_writer.h"
#include "store/layout.h"
#include "store/segment_allocator.h"
#include "store/store_config.h"

namespace comet::store {
namespace {

constexpr std::int64_t kPageBytes = 4096;
constexpr char kZeros[kPageBytes] = {};

// Bytes behind `to` that are written along with `from` to `to`, so that the page begun last is
// written whole. The file is full of zeros there, mostly no longer in memory: of a page written in
// part the system would first read the rest from the disk, and whoever waits for the sync with it.
std::int64_t Padding(std::int64_t from, std::int64_t to, std::int64_t file_bytes) {
  const auto page = to / kPageBytes * kPageBytes;
  if (page < from || page == to) return 0;
  return std::min(page + kPageBytes, file_bytes) - to;
}

}  // namespace

CommitLog::CommitLog(FileSystem& fs, const StoreConfig& config, SegmentAllocator& allocator)
    : fs_(fs),
      allocator_(allocator),
      directory_(config.commit_log_path()),
      segment_bytes_(config.segment_bytes),
      sync_flush_(config.sync_flush()) {}

StatusOr<std::unique_ptr<CommitLog>> CommitLog::Open(FileSystem& fs, const StoreConfig& config,
                                                     SegmentAllocator& allocator) {
  std::unique_ptr<CommitLog> log(new CommitLog(fs, config, allocator));
  COMET_TRY(log->LoadSegments());
  return log;
}

Status CommitLog::LoadSegments() {
  COMET_TRY(fs_.MakeDirectories(directory_));
  COMET_ASSIGN(const auto names, fs_.List(directory_));
  WriterLock lock(mutex_);
  for (const std::string& name : names) {
    const auto base = SegmentBase(name);
    if (!base) continue;
    COMET_ASSIGN(auto segment, Segment::Open(fs_, PathIn(directory_, name), *base));
    if (segment->size() == 0 && name == names.back()) {
      // A crash of a broker that creates its files in two steps.
      COMET_TRY(fs_.Remove(segment->path()));
      break;
    }
    if (segment->size() != segment_bytes_) {
      return {Status::Code::kCorruption,
              Concat(segment->path(), " has ", segment->size(),
                     " bytes; mappedFileSizeCommitLog is ", segment_bytes_)};
    }
    const auto expected = segments_.empty() ? *base : segments_.back()->end();
    if (*base != expected || *base % segment_bytes_ != 0) {
      return {
          Status::Code::kCorruption,
          Concat(segment->path(), ": a log file is missing before it, the log ends at ", expected)};
    }
    segments_.push_back(std::move(segment));
  }
  if (segments_.empty()) return {};
  begin_.store(segments_.front()->base(), std::memory_order_release);
  end_.store(segments_.back()->end(), std::memory_order_release);
  return {};
}

void CommitLog::StartAt(std::int64_t end, DamageList damaged) {
  damaged_ = std::move(damaged);
  WriterLock lock(mutex_);
  if (!segments_.empty()) {
    active_ = segments_.back();
    COMET_CHECK(end >= active_->base() && end <= active_->end());
    allocator_.StartBehind(active_->base());
  } else {
    begin_.store(end, std::memory_order_release);
  }
  end_.store(end, std::memory_order_release);
  flushed_.store(end, std::memory_order_release);
}

std::int64_t CommitLog::room() const {
  if (active_ == nullptr) return 0;
  const auto left = active_->end() - end_.load(std::memory_order_relaxed);
  return std::max<std::int64_t>(0, left - static_cast<std::int64_t>(wire::kBlankBytes));
}

Status CommitLog::Append(std::span<const Slice> parts) {
  std::int64_t bytes = 0;
  for (const Slice part : parts) bytes += static_cast<std::int64_t>(part.size());
  COMET_CHECK_LE(bytes, room());
  const auto at = end_.load(std::memory_order_relaxed);
  const auto in_file = at - active_->base();
  // Before the next start nobody could read there what is written now.
  if (Status touched = active_->CheckTouched(at, at + bytes); !touched.ok()) {
    return std::move(touched).Annotate("what is appended could not be read before a restart");
  }
  if (const auto zeros = Padding(in_file, in_file + bytes, segment_bytes_); zeros > 0) {
    std::vector<Slice> whole(parts.begin(), parts.end());
    whole.emplace_back(kZeros, static_cast<std::size_t>(zeros));
    COMET_TRY(Write(at, whole));
  } else {
    COMET_TRY(Write(at, parts));
  }
  MoveEnd(at + bytes);
  return {};
}

Status CommitLog::Write(std::int64_t offset, std::span<const Slice> parts) {
  std::int64_t end = offset;
  for (const Slice part : parts) end += static_cast<std::int64_t>(part.size());
  allocator_.Reserve(end);
  return active_->Write(offset, parts);
}

void CommitLog::MoveEnd(std::int64_t to) {
  end_.store(to, std::memory_order_release);
  allocator_.Progress(active_->base(), to - active_->base());
  end_moved_();
}

Status CommitLog::Roll() {
  const auto at = end_.load(std::memory_order_relaxed);
  COMET_ASSIGN(auto next, allocator_.Take(active_ == nullptr ? at : active_->end()));
  if (active_ != nullptr && active_->end() > at) {
    char blank[wire::kBlankBytes];
    wire::EncodeBlank(static_cast<std::uint32_t>(active_->end() - at), blank);
    allocator_.Reserve(active_->end());
    const Slice part(blank, sizeof(blank));
    if (const Status closed = active_->Write(at, std::span(&part, 1)); !closed.ok()) {
      // Even for want of space: what the file ends with is unknown now.
      return {Status::Code::kIo, closed.message()};
    }
  }
  active_ = next;
  {
    WriterLock lock(mutex_);
    segments_.push_back(std::move(next));
    end_.store(active_->base(), std::memory_order_release);
  }
  end_moved_();
  return {};
}

Status CommitLog::StartEmptyAt(std::int64_t offset) {
  COMET_CHECK(end() == 0 && offset >= 0 && offset % segment_bytes_ == 0);
  if (active_ != nullptr && offset == 0) return {};
  // An earlier start may have left the file at 0 and no record in it. It goes first: a crash must
  // not leave two files with a gap between them.
  active_ = nullptr;
  COMET_TRY(RemoveSegmentsFrom(0));
  COMET_ASSIGN(active_, allocator_.Take(offset));
  WriterLock lock(mutex_);
  segments_.push_back(active_);
  // Behind the file: a checkpoint must not speak of what is not there. The flusher moves its mark.
  end_.store(offset, std::memory_order_release);
  begin_.store(offset, std::memory_order_release);
  return {};
}

Status CommitLog::WriteAhead(std::int64_t offset, Slice bytes) {
  COMET_CHECK(offset > end() && offset + std::ssize(bytes) <= active_->end());
  return Write(offset, std::span(&bytes, 1));
}

Status CommitLog::CloseFile(Slice blank) {
  COMET_CHECK(blank.size() == wire::kBlankBytes && !full());
  COMET_TRY(Write(end(), std::span(&blank, 1)));
  MoveEnd(active_->end());
  return {};
}

StatusOr<std::int64_t> CommitLog::Flush() {
  const auto to = end();
  const auto from = flushed_.load(std::memory_order_relaxed);
  for (const auto& segment : SegmentsIn(from, to)) COMET_TRY(segment->Sync());
  COMET_CHECK_LE(from, to);
  flushed_.store(to, std::memory_order_release);
  if (to != from) flushed_moved_();
  return to;
}

std::vector<std::shared_ptr<Segment>> CommitLog::SegmentsIn(std::int64_t from,
                                                            std::int64_t to) const {
  std::vector<std::shared_ptr<Segment>> found;
  ReaderLock lock(mutex_);
  for (const auto& segment : segments_) {
    if (segment->end() > from && segment->base() < to) found.push_back(segment);
  }
  return found;
}

std::shared_ptr<const Segment> CommitLog::SegmentAt(std::int64_t offset) const {
  ReaderLock lock(mutex_);
  if (segments_.empty() || offset < segments_.front()->base()) return nullptr;
  const auto place =
      static_cast<std::size_t>((offset - segments_.front()->base()) / segment_bytes_);
  return place < segments_.size() ? segments_[place] : nullptr;
}

StatusOr<LogRange> CommitLog::Read(std::int64_t offset, std::uint32_t size) const {
  const auto stop = offset + static_cast<std::int64_t>(size);
  auto segment = offset >= begin() && stop <= end() ? SegmentAt(offset) : nullptr;
  if (segment == nullptr) {
    return Status(Status::Code::kNotFound, Concat("the log has no bytes ", offset, " to ", stop));
  }
  if (stop > segment->end()) {
    return Status(Status::Code::kInvalid,
                  Concat("bytes ", offset, " to ", stop, " are in two files"));
  }
  if (damaged_.Find(offset, stop) != nullptr) {
    return Status(Status::Code::kCorruption, Concat("the log is damaged at ", offset));
  }
  LogRange range;
  range.bytes = segment->From(offset, size);
  range.descriptor = segment->descriptor();
  range.file_position = static_cast<std::uint64_t>(offset - segment->base());
  range.pin = std::move(segment);
  return range;
}

Status CommitLog::CheckTouched() const {
  for (const auto& segment : segments()) {
    const Status touched = segment->CheckTouched(segment->base(), segment->end());
    if (touched.ok()) continue;
    return {touched.code(), Concat(touched.message(),
                                   "; copy the file to a sound device and start again, or set "
                                   "acceptLoss=true to start without what cannot be read")};
  }
  return {};
}

std::vector<std::shared_ptr<const Segment>> CommitLog::segments() const {
  ReaderLock lock(mutex_);
  return {segments_.begin(), segments_.end()};
}

Status CommitLog::RemoveOldest() {
  std::shared_ptr<Segment> oldest;
  {
    ReaderLock lock(mutex_);
    // What is not flushed, or the only file, is never old.
    if (segments_.size() < 2 || segments_.front()->end() > flushed()) {
      return {Status::Code::kInvalid, "the oldest log file is still in use"};
    }
    oldest = segments_.front();
  }
  // Gone already when only the sync failed the last time.
  Status removed = fs_.Remove(oldest->path());
  if (!removed.ok() && removed.code() != Status::Code::kNotFound) return removed;
  COMET_TRY(fs_.SyncDirectory(directory_));
  WriterLock lock(mutex_);
  segments_.erase(segments_.begin());
  begin_.store(segments_.front()->base(), std::memory_order_release);
  return {};
}

Status CommitLog::MapLostAnew() {
  WriterLock lock(mutex_);
  for (auto& segment : segments_) {
    if (segment->CheckTouched(segment->base(), segment->end()).ok()) continue;
    COMET_ASSIGN(segment, Segment::Open(fs_, segment->path(), segment->base()));
  }
  return {};
}

Status CommitLog::RemoveSegmentsFrom(std::int64_t offset) {
  WriterLock lock(mutex_);
  while (!segments_.empty() && segments_.back()->base() >= offset) {
    COMET_TRY(fs_.Remove(segments_.back()->path()));
    segments_.pop_back();
  }
  return fs_.SyncDirectory(directory_);
}

}  // namespace comet::store
