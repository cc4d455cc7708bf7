#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>

#include "remoting/base/executor.h"
#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"

namespace comet::store {

// Fills a log file with zeros while it is being written, some way ahead of the writer, for a file
// that was needed before it could be prepared: the first of a store. Without it every sync of such
// a file converts extents, which takes two to three times as long.
//
// The pieces are small, follow the writer's pace and are not synced: the log's next sync takes each
// along and is the longer by it, so many small ones hurt less than a few large ones.
//
// Writer and filling never meet: the filling stays at or behind a mark, the writer below it. A
// writer that gets there all the same waits for the piece under way and moves the mark on.
//
// Begin: any thread. Reserve: the writer's. The filling runs on the worker.
class AheadFill : public std::enable_shared_from_this<AheadFill> {
 public:
  static constexpr std::int64_t kPieceBytes = 64 << 10;
  static constexpr std::int64_t kGapBytes = 4 << 20;  // left unfilled, to get away from the writer
  static constexpr std::int64_t kLeadBytes = 32 << 20;  // at most so far ahead

  explicit AheadFill(Executor& worker) : worker_(worker) {}

  // The file begins at log offset `base` and is `bytes` long. Too short a file is left alone.
  void Begin(std::unique_ptr<File> file, std::int64_t base, std::int64_t bytes) EXCLUDES(mutex_);

  // The writer is about to write up to log offset `to`: nothing below is filled from now on.
  void Reserve(std::int64_t to) EXCLUDES(mutex_) {
    const auto mark = mark_.load(std::memory_order_acquire);
    if (mark == kIdle) return;
    if (to > mark) {
      SkipTo(to + kGapBytes);
    } else if (Due(mark, to) && !scheduled_.exchange(true)) {
      Schedule();
    }
  }
  void End() EXCLUDES(mutex_);  // waits for the piece under way

 private:
  static constexpr auto kIdle = std::numeric_limits<std::int64_t>::max();

  // Whether the piece at `mark` is to be filled when the writer is at `to`: twice as fast as the
  // writer until the lead is reached.
  bool Due(std::int64_t mark, std::int64_t to) const {
    const auto from = begun_.load(std::memory_order_relaxed);
    return mark - to < kLeadBytes && mark - from - kGapBytes <= 2 * (to - from);
  }
  void Schedule();
  void FillPiece() EXCLUDES(mutex_);
  Status Write(std::int64_t at, std::int64_t bytes) REQUIRES(mutex_);
  void SkipTo(std::int64_t mark) EXCLUDES(mutex_);
  void MoveTo(std::int64_t mark) REQUIRES(mutex_);
  void Drop() REQUIRES(mutex_);

  Executor& worker_;
  std::atomic<std::int64_t> mark_ = kIdle;  // log offset
  std::atomic<std::int64_t> begun_ = 0;
  std::atomic<bool> scheduled_ = false;

  Mutex mutex_;  // held for the length of a piece
  std::unique_ptr<File> file_ GUARDED_BY(mutex_);
  std::int64_t base_ GUARDED_BY(mutex_) = 0, end_ GUARDED_BY(mutex_) = 0;
};

}  // namespace comet::store
