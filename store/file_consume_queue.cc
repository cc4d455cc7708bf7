#include "store/file_consume_queue.h"

#include <algorithm>
#include <array>
#include <limits>

#include "remoting/base/log.h"
#include "store/queue_units.h"

namespace comet::store {
namespace {

// A queue offset this far behind the end was not given by any appender: the record lies.
constexpr std::int64_t kGapMax = 1 << 20;
// Fillers for what is known to be lost pass through memory, 20 bytes each.
constexpr std::int64_t kLossMax = 1 << 25;
constexpr std::size_t kDoubtfulMax = 64;
constexpr std::size_t kPendingKept = 4096;  // bytes of buffer that an idle queue keeps

}  // namespace

FileConsumeQueue::FileConsumeQueue(OpenFiles& files, std::string directory, std::int64_t file_bytes)
    : open_files_(files), directory_(std::move(directory)), file_bytes_(file_bytes) {
  COMET_CHECK(file_bytes > 0 && file_bytes % kQueueEntryBytes == 0);
}

std::int64_t FileConsumeQueue::next() const {
  if (pending_.empty()) return restart_ ? 0 : end();
  return pending_from_ + std::ssize(pending_) / kQueueEntryBytes;
}

void FileConsumeQueue::Add(std::int64_t index, const QueueEntry& entry) {
  if (index < 0 || !IsUnit(entry)) return;
  if (entry.log_offset < std::max(log_end(), pending_log_end_)) return;  // indexed already
  if (index < next()) {
    AddBefore(index, entry);
  } else {
    AddBehind(index, entry);
  }
}

void FileConsumeQueue::AddBehind(std::int64_t index, const QueueEntry& entry) {
  const std::int64_t expected = next();
  const bool empty = expected == 0;
  const std::int64_t known = std::clamp(known_to_, expected, expected + kLossMax);
  if (!empty && index - known > kGapMax) {
    LOG_ERROR_LIMITED << directory_ << ": the record at log offset " << entry.log_offset
                      << " claims queue offset " << index << ", the queue ends at " << expected
                      << "; it is left out";
    return;
  }
  if (pending_.empty()) pending_from_ = empty ? index : expected;
  if (index > expected) {
    if (doubtful_.size() == kDoubtfulMax) doubtful_.erase(doubtful_.begin());
    doubtful_.push_back(index);
  }
  std::array<char, kQueueEntryBytes> unit;
  if (!empty && index > expected) {
    LOG_WARN_LIMITED << directory_ << ": no records for queue offsets " << expected << " to "
                     << index - 1;
    EncodeUnit({0, QueueEntry::kFillerSize, 0}, unit.data());
    for (std::int64_t at = expected; at < index; ++at) pending_.append(unit.data(), unit.size());
  }
  EncodeUnit(entry, unit.data());
  pending_.append(unit.data(), unit.size());
  pending_log_end_ = entry.log_offset + entry.size;
}

// An offset that is taken already. A record whose own offset was damaged may sit there, or have
// left fillers: the later record is right about that. Otherwise the older one is.
void FileConsumeQueue::AddBefore(std::int64_t index, const QueueEntry& entry) {
  const std::int64_t first = end() == 0 || restart_ ? pending_from_ : begin();
  const bool doubtful = std::erase(doubtful_, index) > 0;
  const bool only_one = next() - first == 1 && std::erase(doubtful_, first) > 0;
  QueueEntry there;
  if (index >= first && ReadPendingOrWritten(index, &there) && (doubtful || there.filler())) {
    if (!pending_.empty() && index >= pending_from_) {
      EncodeUnit(entry, pending_.data() + (index - pending_from_) * kQueueEntryBytes);
    } else {
      patches_.push_back({index, entry});
    }
    pending_log_end_ = entry.log_offset + entry.size;
  } else if (index == 0 || (only_one && index < first)) {
    pending_.clear();
    patches_.clear();
    doubtful_.clear();
    if (index == 0) known_to_ = 0;
    restart_ = true;
    AddBehind(index, entry);
  } else {
    LOG_ERROR_LIMITED << directory_ << ": the record at log offset " << entry.log_offset
                      << " claims queue offset " << index << ", which another one has; left out";
  }
}

bool FileConsumeQueue::ReadPendingOrWritten(std::int64_t index, QueueEntry* entry) const {
  if (!pending_.empty() && index >= pending_from_) {
    *entry = DecodeUnit(pending_.data() + (index - pending_from_) * kQueueEntryBytes);
    return true;
  }
  for (const Patch& patch : patches_) {
    if (patch.index == index) return *entry = patch.entry, true;
  }
  auto read = ReadUnit(index);
  if (read.ok()) *entry = *read;
  return read.ok();
}

Status FileConsumeQueue::Publish() {
  if (restart_) {
    COMET_TRY(RemoveFiles());
    restart_ = false;
  }
  const bool first = end() == 0;
  if (!pending_.empty()) {
    if (tail_unknown_) COMET_TRY(CutAt(end()));
    tail_unknown_ = false;
    if (first) COMET_TRY(StartFirstFile(pending_from_));
    COMET_TRY(WriteUnits(pending_from_, pending_));
  }
  for (const Patch& patch : patches_) {
    std::array<char, kQueueEntryBytes> unit;
    EncodeUnit(patch.entry, unit.data());
    COMET_TRY(WriteUnits(patch.index, {unit.data(), unit.size()}));
  }
  if (pending_log_end_ != 0) log_end_.store(pending_log_end_, std::memory_order_release);
  if (!pending_.empty()) {
    if (first) {
      first_log_offset_.store(DecodeUnit(pending_.data()).log_offset, std::memory_order_release);
      begin_.store(pending_from_, std::memory_order_release);
    }
    end_.store(next(), std::memory_order_seq_cst);
  }
  pending_.clear();
  if (pending_.capacity() > kPendingKept) pending_.shrink_to_fit();
  patches_.clear();
  pending_log_end_ = 0;
  return {};
}

StatusOr<std::size_t> FileConsumeQueue::Get(std::int64_t index, std::span<QueueEntry> into) const {
  const std::int64_t visible = end();
  if (index < 0 || index >= visible) return std::size_t{0};
  const auto want =
      static_cast<std::size_t>(std::min<std::int64_t>(std::ssize(into), visible - index));
  std::array<char, 204 * kQueueEntryBytes> units;
  std::size_t got = 0;
  while (got < want) {
    const std::size_t bytes = std::min(units.size(), (want - got) * kQueueEntryBytes);
    auto read = ReadUnits(index + static_cast<std::int64_t>(got), {units.data(), bytes});
    if (!read.ok() && got == 0) return read.TakeError();
    if (!read.ok()) return got;
    for (std::size_t at = 0; at + kQueueEntryBytes <= *read; at += kQueueEntryBytes) {
      into[got] = DecodeUnit(units.data() + at);
      if (!IsUnit(into[got]) && got > 0) return got;
      if (!IsUnit(into[got])) {
        return Status(Status::Code::kCorruption,
                      directory_ + ": no entry at " + std::to_string(index));
      }
      ++got;
    }
  }
  return got;
}

StatusOr<std::int64_t> FileConsumeQueue::FirstAtOrBehind(std::int64_t log_offset, std::int64_t from,
                                                         std::int64_t to) const {
  std::int64_t low = from, high = to;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    std::int64_t probe = middle;
    COMET_ASSIGN(auto entry, ReadUnit(probe));
    while (entry.filler() && probe + 1 < high) {  // a filler says nothing about its place
      COMET_ASSIGN(entry, ReadUnit(++probe));
    }
    if (IsUnit(entry) && !entry.filler() && entry.log_offset < log_offset) {
      low = probe + 1;
    } else {
      high = middle;
    }
  }
  // Fillers before the found entry are not worth keeping as a begin.
  while (low < to) {
    COMET_ASSIGN(const auto entry, ReadUnit(low));
    if (!entry.filler()) break;
    ++low;
  }
  return low;
}

void FileConsumeQueue::IgnoreBefore(std::int64_t log_offset) {
  ignored_before_ = log_offset;
  if (log_end() < log_offset) log_end_.store(log_offset, std::memory_order_release);
}

Status FileConsumeQueue::TruncateAfter(std::int64_t log_offset) {
  pending_.clear();
  patches_.clear();
  pending_log_end_ = 0;
  if (log_end() <= log_offset) return {};
  // Records do not overlap, so at most the last one that starts before the offset ends behind it.
  COMET_ASSIGN(auto cut, FirstAtOrBehind(log_offset, begin(), end()));
  std::int64_t kept_end = 0;
  for (std::int64_t at = cut - 1; at >= begin(); --at) {
    COMET_ASSIGN(const auto entry, ReadUnit(at));
    if (entry.filler()) continue;
    kept_end = entry.log_offset + entry.size;
    if (kept_end <= log_offset) break;
    cut = at;
    kept_end = 0;
  }
  COMET_TRY(CutAt(cut));
  tail_unknown_ = false;
  log_end_.store(std::max(kept_end, ignored_before_), std::memory_order_release);
  end_.store(cut, std::memory_order_seq_cst);
  return {};
}

Status FileConsumeQueue::DropBefore(std::int64_t log_offset) {
  if (begin() == end() || first_log_offset_.load(std::memory_order_acquire) >= log_offset) {
    return {};
  }
  const std::int64_t last = end();
  COMET_ASSIGN(const auto first, log_end() <= log_offset
                                     ? StatusOr<std::int64_t>(last)
                                     : FirstAtOrBehind(log_offset, begin(), last));
  std::int64_t first_offset = 0;
  if (first < last) {
    COMET_ASSIGN(const auto entry, ReadUnit(first));
    first_offset = entry.log_offset;
  }
  begin_.store(first, std::memory_order_release);
  first_log_offset_.store(first_offset, std::memory_order_release);
  while (first_index() + units_per_file() <= first) {
    {
      MutexLock lock(mutex_);
      if (files_.size() <= 1) break;
    }
    COMET_TRY(RemoveFile(0));
  }
  return {};
}

}  // namespace comet::store
