#include "store/retention.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "store/commit_log.h"
#include "store/key_index.h"
#include "store/queue_table.h"

namespace comet::store {
namespace {

constexpr std::int64_t kMsPerHour = 3'600'000;

void Keep(Status* first, Status status) {
  if (first->ok()) *first = std::move(status);
}

}  // namespace

Retention::Retention(FileSystem& fs, Clock& clock, CommitLog& log, QueueTable& queues,
                     KeyIndex* index, RetentionOptions options)
    : fs_(fs),
      clock_(clock),
      log_(log),
      queues_(queues),
      index_(index),
      options_(std::move(options)) {}

Status Retention::CheckDisks() {
  int fullest = -1;
  for (const std::string& path : options_.paths) {
    COMET_ASSIGN(const auto space, fs_.Space(path));
    if (space.total_bytes == 0) continue;
    const std::uint64_t used = space.total_bytes - std::min(space.free_bytes, space.total_bytes);
    fullest = std::max(fullest, static_cast<int>(used * 100 / space.total_bytes));
  }
  const bool full = fullest > options_.refuse_percent;
  if (full != disk_full_.exchange(full, std::memory_order_acq_rel)) {
    LOG_WARN << "disk " << fullest << " % used, limit " << options_.refuse_percent
             << " %: sends are " << (full ? "refused" : "accepted again");
  }
  used_percent_.store(fullest, std::memory_order_relaxed);
  return {};
}

StatusOr<int> Retention::Step(std::int64_t indexed_to) {
  Status first = CheckDisks();
  const int used = used_percent();
  const bool at_once = used > options_.clean_at_once_percent;
  const bool by_hand = rounds_by_hand_.load() > 0;
  if (by_hand) rounds_by_hand_.fetch_sub(1);
  int deleted = 0;
  if (IsTime() || by_hand || at_once || used > options_.clean_percent || used < 0) {
    auto result = DeleteLogFiles(indexed_to, at_once && options_.delete_unexpired);
    if (result.ok()) deleted = *result;
    if (!result.ok()) Keep(&first, result.TakeError());
  }
  Keep(&first, FollowLog());
  if (!first.ok()) return first;
  return deleted;
}

// Whether the present local hour is among the hours to delete in.
bool Retention::IsTime() const {
  const std::time_t seconds = clock_.WallNow() / 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  std::string_view rest = options_.delete_when;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const auto hour = ParseNumber<int>(rest.substr(0, end));
    if (hour && *hour == local.tm_hour) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

// Oldest first; stops at the first file that has to stay.
StatusOr<int> Retention::DeleteLogFiles(std::int64_t indexed_to, bool even_unexpired) {
  const std::int64_t expired_ms = clock_.WallNow() - options_.reserved_hours * kMsPerHour;
  int deleted = 0;
  const auto segments = log_.segments();
  for (std::size_t n = 0; n + 1 < segments.size() && deleted < options_.files_per_round; ++n) {
    // What is not on the device yet cannot be old, whatever its file's time says.
    if (segments[n]->end() > std::min(log_.flushed(), indexed_to)) break;
    auto looked = fs_.ModifiedMs(segments[n]->path());
    // A file whose removal could not be synced before is only gone when that is done.
    const bool half_gone = !looked.ok() && looked.error().code() == Status::Code::kNotFound;
    if (!looked.ok() && !half_gone) return looked.TakeError();
    const auto modified_ms = half_gone ? 0 : *looked;
    if (modified_ms >= expired_ms && !even_unexpired) break;
    COMET_TRY(log_.RemoveOldest());
    LOG_INFO << "deleted " << segments[n]->path()
             << (modified_ms < expired_ms ? ", expired" : ", to make room");
    ++deleted;
  }
  return deleted;
}

Status Retention::FollowLog() {
  const std::int64_t begin = log_.begin();
  if (begin == followed_to_) return {};
  Status first = queues_.DropBefore(begin);
  if (index_ != nullptr) Keep(&first, index_->DropBefore(begin));
  if (first.ok()) followed_to_ = begin;
  return first;
}

}  // namespace comet::store
