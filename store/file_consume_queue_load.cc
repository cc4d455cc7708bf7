// Opening a consume queue: which files, where it begins and ends, whether it can be believed.

#include <algorithm>
#include <array>
#include <vector>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "store/file_consume_queue.h"
#include "store/queue_units.h"

namespace comet::store {
namespace {

constexpr std::size_t kChunkUnits = 3276;  // 64 KiB
constexpr std::size_t kPageUnits = 204;    // 4 KiB

std::vector<char>& ChunkBuffer() {
  thread_local std::vector<char> buffer(kChunkUnits * kQueueEntryBytes);
  return buffer;
}

}  // namespace

StatusOr<bool> FileConsumeQueue::Load(QueueTrust* trust) {
  bool good = true;
  std::vector<std::string> rejected;
  COMET_TRY(LoadFiles(&good, &rejected));
  if (!good) COMET_TRY(trust->BeginRepair());
  for (const std::string& path : rejected) {
    LOG_WARN << "removing " << path << ": wrong size or place for a queue file of " << file_bytes_
             << " bytes";
    COMET_TRY(open_files_.fs().Remove(path));
  }
  {
    MutexLock lock(mutex_);
    if (files_.empty()) return good;
  }
  tail_unknown_ = true;
  COMET_ASSIGN(const auto end, FindEnd());
  COMET_ASSIGN(const auto first, FirstAtOrBehind(0, first_index(), end));
  COMET_ASSIGN(const auto bad, CheckFrom(first, end, trust));
  if (bad < end || !good) {
    LOG_WARN << directory_ << ": damaged behind entry " << bad << ", will be rebuilt from the log";
    COMET_TRY(trust->BeginRepair());
    COMET_TRY(CutAt(bad));
    good = false;
  }
  if (first < bad) {
    COMET_ASSIGN(const auto oldest, ReadUnit(first));
    if (oldest.log_offset < ignored_before_) {
      LOG_WARN << directory_ << ": of a deleted topic, removed";
      COMET_TRY(Delete(ignored_before_));
      return false;
    }
    first_log_offset_.store(oldest.log_offset, std::memory_order_release);
  }
  std::int64_t log_end = ignored_before_;
  for (std::int64_t at = bad - 1; at >= first && log_end == ignored_before_; --at) {
    COMET_ASSIGN(const auto entry, ReadUnit(at));
    if (!entry.filler()) log_end = entry.log_offset + entry.size;
  }
  log_end_.store(log_end, std::memory_order_release);
  begin_.store(std::min(first, bad), std::memory_order_release);
  end_.store(bad, std::memory_order_seq_cst);
  return good;
}

// Takes the files in order up to the first one that is not as it must be; the rest are rejected.
Status FileConsumeQueue::LoadFiles(bool* good, std::vector<std::string>* rejected) {
  COMET_ASSIGN(const auto names, open_files_.fs().List(directory_));
  for (std::size_t n = 0; n < names.size(); ++n) {
    const auto position = ParseNumber<std::int64_t>(names[n]);
    if (names[n].size() != 20 || !position) continue;  // not ours
    auto lazy = std::make_shared<LazyFile>(open_files_, directory_ + '/' + names[n]);
    COMET_ASSIGN(const auto file, lazy->Acquire());
    COMET_ASSIGN(const auto size, file->Size());
    MutexLock lock(mutex_);
    const std::int64_t number = *position / file_bytes_;
    const bool follows = files_.empty() || first_file_ + std::ssize(files_) == number;
    if (rejected->empty() && follows && *position % file_bytes_ == 0 &&
        size == static_cast<std::uint64_t>(file_bytes_)) {
      if (files_.empty()) first_file_ = number;
      files_.push_back(std::move(lazy));
    } else {
      // A file that was made but not yet sized holds nothing.
      *good = *good && size == 0 && n + 1 == names.size();
      rejected->push_back(lazy->path());
    }
  }
  return {};
}

// The first index of the last file that holds no entry, provided that there are no holes.
StatusOr<std::int64_t> FileConsumeQueue::FindEnd() const {
  std::int64_t low = 0;
  {
    MutexLock lock(mutex_);
    low = (first_file_ + std::ssize(files_) - 1) * units_per_file();
  }
  const std::int64_t start = low;
  std::array<char, kPageUnits * kQueueEntryBytes> page;
  COMET_ASSIGN(const auto got, ReadUnits(low, page));
  for (std::size_t at = 0; at < got; at += kQueueEntryBytes, ++low) {
    if (!IsUnit(DecodeUnit(page.data() + at))) return low;
  }
  std::int64_t high = start + units_per_file();
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    COMET_ASSIGN(const auto entry, ReadUnit(middle));
    if (IsUnit(entry)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// Where checking found the first entry that cannot be, or `end`. Checks everything while the
// budget lasts; then what was written since the last sync, and always the last 64 KiB.
StatusOr<std::int64_t> FileConsumeQueue::CheckFrom(std::int64_t first, std::int64_t end,
                                                   QueueTrust* trust) const {
  std::int64_t from = first;
  const std::int64_t bytes = (end - first) * kQueueEntryBytes;
  if (bytes > trust->budget_bytes) {
    from = std::max(first, end - static_cast<std::int64_t>(kChunkUnits));
    if (trust->after_crash) {
      COMET_ASSIGN(const auto unsynced, FirstAtOrBehind(trust->trusted_to, first, end));
      from = std::min(from, unsynced);
    }
  } else {
    trust->budget_bytes -= bytes;
  }
  std::vector<char>& buffer = ChunkBuffer();
  UnitOrder order;
  while (from < end) {
    const auto want = std::min<std::size_t>(
        buffer.size(), static_cast<std::size_t>((end - from) * kQueueEntryBytes));
    COMET_ASSIGN(const auto got, ReadUnits(from, std::span(buffer).first(want)));
    for (std::size_t at = 0; at < got; at += kQueueEntryBytes, ++from) {
      const QueueEntry entry = DecodeUnit(buffer.data() + at);
      if (!IsUnit(entry)) return from;
      // Of two that overlap either may be the wrong one.
      if (!order.Accept(entry)) return std::max(first, from - 1);
    }
  }
  return end;
}

}  // namespace comet::store
