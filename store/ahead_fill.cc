#include "store/ahead_fill.h"

#include <algorithm>
#include <string>
#include <utility>

#include "remoting/base/log.h"

namespace comet::store {

void AheadFill::Begin(std::unique_ptr<File> file, std::int64_t base, std::int64_t bytes) {
  if (bytes <= kGapBytes) return;
  MutexLock lock(mutex_);
  file_ = std::move(file);
  base_ = base;
  end_ = base + bytes;
  begun_.store(base, std::memory_order_relaxed);
  mark_.store(base + kGapBytes, std::memory_order_release);
}

void AheadFill::End() {
  MutexLock lock(mutex_);
  Drop();
}

void AheadFill::Drop() {
  file_.reset();
  mark_.store(kIdle, std::memory_order_release);
}

void AheadFill::Schedule() {
  worker_.Post([self = shared_from_this()] { self->FillPiece(); });
}

// One piece a task, so that other work of the worker gets its turn in between.
void AheadFill::FillPiece() {
  MutexLock lock(mutex_);
  scheduled_.store(false);
  if (file_ == nullptr) return;
  const auto at = mark_.load(std::memory_order_relaxed);
  const auto bytes = std::min(kPieceBytes, end_ - at);
  if (const Status filled = Write(at, bytes); !filled.ok()) {
    // What it means for the log its own writes and syncs will tell.
    LOG_WARN << "the log file at " << base_ << " stays unfilled: " << filled.message();
    return Drop();
  }
  MoveTo(at + bytes);
}

Status AheadFill::Write(std::int64_t at, std::int64_t bytes) {
  static const std::string zeros(kPieceBytes, '\0');
  const Slice piece(zeros.data(), static_cast<std::size_t>(bytes));
  return file_->WriteAt(static_cast<std::uint64_t>(at - base_), {&piece, 1});
}

void AheadFill::SkipTo(std::int64_t mark) {
  MutexLock lock(mutex_);
  if (file_ != nullptr) MoveTo(mark);
}

void AheadFill::MoveTo(std::int64_t mark) {
  if (mark >= end_) return Drop();
  mark_.store(std::max(mark, mark_.load(std::memory_order_relaxed)), std::memory_order_release);
}

}  // namespace comet::store
