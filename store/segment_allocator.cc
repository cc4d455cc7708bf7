#include "store/segment_allocator.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>
#include <vector>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/base/mutex.h"
#include "store/ahead_fill.h"
#include "store/layout.h"

namespace comet::store {
namespace {

// Small, because a sync of the log that meets one is the longer by it.
constexpr std::int64_t kFillBytes = 128 << 10;
constexpr std::int64_t kNoBase = -1;
constexpr std::string_view kWorkshopName = "prepare";

// Lets the piece go to the device now, alone and without a flush of the device's cache, which the
// log's syncs would wait for. Durable it is by the sync at the end.
void BeginWriteback(const File& file, std::int64_t at, std::int64_t bytes) {
  // Nothing depends on it; an error of the writing shows in that sync.
  static_cast<void>(::sync_file_range(file.descriptor(), at, bytes, SYNC_FILE_RANGE_WRITE));
}

}  // namespace

class SegmentAllocator::State : public std::enable_shared_from_this<State> {
 public:
  State(FileSystem& fs, Executor& worker, WriteGate& gate, const StoreConfig& config)
      : fs_(fs),
        worker_(worker),
        gate_(gate),
        directory_(config.commit_log_path()),
        segment_bytes_(config.segment_bytes),
        fill_(config.sync_flush()),
        ahead_(std::make_shared<AheadFill>(worker)),
        workshops_{PathIn(config.root, kWorkshopName), PathIn(directory_, kWorkshopName)},
        workshop_(workshops_[0]) {}

  void StartBehind(std::int64_t base) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    taken_base_ = base;
  }
  AheadFill& ahead() { return *ahead_; }
  void Pace(std::int64_t base, std::int64_t fill_to);
  StatusOr<std::shared_ptr<Segment>> Take(std::int64_t base) EXCLUDES(mutex_);
  void Retry() EXCLUDES(mutex_);
  Status Discard() EXCLUDES(mutex_);

 private:
  void Schedule();
  void FillPiece() EXCLUDES(mutex_);
  Status Fill() REQUIRES(mutex_);
  Status Finish() REQUIRES(mutex_);
  StatusOr<std::shared_ptr<Segment>> Make(std::int64_t base) REQUIRES(mutex_);
  StatusOr<std::shared_ptr<Segment>> MakeIn(std::int64_t base) REQUIRES(mutex_);
  StatusOr<std::unique_ptr<File>> Reserve(std::int64_t base) REQUIRES(mutex_);
  StatusOr<std::shared_ptr<Segment>> Install(std::int64_t base) REQUIRES(mutex_);
  void DropFilling() REQUIRES(mutex_);
  Status RemoveWorkshop(const std::string& workshop);
  std::string Unfinished(std::int64_t base) const REQUIRES(mutex_) {
    return workshop_ + "/" + SegmentName(base);
  }

  FileSystem& fs_;
  Executor& worker_;
  WriteGate& gate_;
  const std::string directory_;
  const std::int64_t segment_bytes_;
  const bool fill_;
  const std::shared_ptr<AheadFill> ahead_;
  const std::array<std::string, 2> workshops_;  // the second: the log has a device of its own

  std::atomic<std::int64_t> wanted_base_ = kNoBase;
  std::atomic<std::int64_t> fill_to_ = 0;
  std::atomic<std::int64_t> filled_ = 0;
  std::atomic<bool> scheduled_ = false;

  // Held for the length of a piece; the appender meets it only when it rolls.
  Mutex mutex_;
  std::string workshop_ GUARDED_BY(mutex_);
  std::int64_t filling_base_ GUARDED_BY(mutex_) = kNoBase;
  std::unique_ptr<File> filling_ GUARDED_BY(mutex_);
  std::shared_ptr<Segment> ready_ GUARDED_BY(mutex_);
  std::int64_t taken_base_ GUARDED_BY(mutex_) = kNoBase;     // part of the log by now
  std::int64_t refused_base_ GUARDED_BY(mutex_) = kNoBase;   // Take found no room for it
  std::int64_t given_up_base_ GUARDED_BY(mutex_) = kNoBase;  // filling failed; left to Take
  bool closed_ GUARDED_BY(mutex_) = false;
};

void SegmentAllocator::State::Pace(std::int64_t base, std::int64_t fill_to) {
  if (wanted_base_.load(std::memory_order_relaxed) != base) {
    filled_.store(0, std::memory_order_relaxed);
    wanted_base_.store(base, std::memory_order_release);
  }
  fill_to_.store(fill_to, std::memory_order_release);
  const auto missing = fill_to - filled_.load(std::memory_order_acquire);
  if (missing >= kFillBytes || (missing > 0 && fill_to == segment_bytes_)) Schedule();
}

void SegmentAllocator::State::Schedule() {
  if (scheduled_.exchange(true)) return;
  worker_.Post([self = shared_from_this()] { self->FillPiece(); });
}

// One piece a task, so that other work of the worker gets its turn in between.
void SegmentAllocator::State::FillPiece() {
  bool more = false;
  {
    MutexLock lock(mutex_);
    scheduled_.store(false);
    const auto base = wanted_base_.load(std::memory_order_acquire);
    const bool done = base <= taken_base_ || (ready_ != nullptr && ready_->base() == base);
    if (closed_ || done || base == given_up_base_) return;
    if (base != filling_base_) {
      DropFilling();
      filling_base_ = base;
    }
    if (const Status filled = Fill(); !filled.ok()) {
      LOG_WARN << "could not prepare the next log file, it will be made when it is needed: "
               << filled.ToString();
      DropFilling();
      given_up_base_ = base;
      return;
    }
    more = filling_ != nullptr && filled_.load() < fill_to_.load(std::memory_order_acquire);
  }
  if (more) Schedule();
}

Status SegmentAllocator::State::Fill() {
  if (filling_ == nullptr) {
    COMET_ASSIGN(filling_, Reserve(filling_base_));
    filled_.store(0);
    if (!fill_) return Finish();
  }
  static const std::string zeros(kFillBytes, '\0');
  const auto at = filled_.load();
  const auto bytes = std::min(kFillBytes, segment_bytes_ - at);
  const Slice piece(zeros.data(), static_cast<std::size_t>(bytes));
  COMET_TRY(filling_->WriteAt(static_cast<std::uint64_t>(at), std::span(&piece, 1)));
  BeginWriteback(*filling_, at, bytes);
  filled_.store(at + bytes, std::memory_order_release);
  return at + bytes < segment_bytes_ ? Status() : Finish();
}

Status SegmentAllocator::State::Finish() {
  COMET_TRY(filling_->Sync());
  filled_.store(segment_bytes_, std::memory_order_release);
  filling_.reset();
  COMET_ASSIGN(ready_, Install(filling_base_));
  filling_base_ = kNoBase;
  return {};
}

StatusOr<std::unique_ptr<File>> SegmentAllocator::State::Reserve(std::int64_t base) {
  COMET_TRY(fs_.MakeDirectories(workshop_));
  const std::string path = Unfinished(base);
  COMET_ASSIGN(auto file, fs_.Open(path, FileSystem::Mode::kOpenOrCreate));
  COMET_TRY(file->Truncate(0));  // a crash may have left one
  if (Status allocated = file->Allocate(static_cast<std::uint64_t>(segment_bytes_));
      !allocated.ok()) {
    file.reset();
    if (const Status removed = fs_.Remove(path); !removed.ok()) {
      LOG_WARN << removed.ToString();
    }
    return allocated;
  }
  return file;
}

StatusOr<std::shared_ptr<Segment>> SegmentAllocator::State::Install(std::int64_t base) {
  const std::string path = directory_ + "/" + SegmentName(base);
  COMET_CHECK_GT(base, taken_base_);  // the rename must not replace a part of the log
  if (Status moved = fs_.Rename(Unfinished(base), path); !moved.ok()) {
    LOG_WARN << "log files will be prepared in " << workshops_[1] << ": " << moved.ToString();
    if (const Status removed = fs_.Remove(Unfinished(base)); !removed.ok()) {
      LOG_WARN << removed.ToString();
    }
    workshop_ = workshops_[1];
    return moved;
  }
  Status synced = fs_.SyncDirectory(directory_);
  auto opened = synced.ok() ? Segment::Open(fs_, path, base)
                            : StatusOr<std::shared_ptr<Segment>>(std::move(synced));
  if (opened.ok()) return opened;
  // Nobody knows of it now, and a start would find it behind the log's end.
  if (const Status removed = fs_.Remove(path); !removed.ok()) LOG_WARN << removed.ToString();
  return opened;
}

StatusOr<std::shared_ptr<Segment>> SegmentAllocator::State::Make(std::int64_t base) {
  DropFilling();
  const auto workshop = workshop_;
  auto made = MakeIn(base);
  const bool moved = workshop_ != workshop;
  return made.ok() || !moved ? std::move(made) : MakeIn(base);
}

StatusOr<std::shared_ptr<Segment>> SegmentAllocator::State::MakeIn(std::int64_t base) {
  COMET_ASSIGN(auto file, Reserve(base));
  COMET_TRY(file->Sync());
  COMET_ASSIGN(auto segment, Install(base));
  if (fill_) ahead_->Begin(std::move(file), base, segment_bytes_);
  return segment;
}

void SegmentAllocator::State::DropFilling() {
  if (filling_ != nullptr) {
    filling_.reset();
    if (const Status removed = fs_.Remove(Unfinished(filling_base_)); !removed.ok()) {
      LOG_WARN << removed.ToString();
    }
  }
  filling_base_ = kNoBase;
}

StatusOr<std::shared_ptr<Segment>> SegmentAllocator::State::Take(std::int64_t base) {
  MutexLock lock(mutex_);
  const bool ready = ready_ != nullptr && ready_->base() == base;
  StatusOr<std::shared_ptr<Segment>> made = ready ? std::exchange(ready_, nullptr) : Make(base);
  if (made.ok()) {
    taken_base_ = base;
    refused_base_ = kNoBase;
    gate_.SetNoNextSegment(false);
  } else if (made.error().code() == Status::Code::kFull) {
    refused_base_ = base;
    gate_.SetNoNextSegment(true);
  }
  return made;
}

void SegmentAllocator::State::Retry() {
  MutexLock lock(mutex_);
  given_up_base_ = kNoBase;
  if (refused_base_ == kNoBase || closed_) return;
  auto made = Make(refused_base_);
  if (!made.ok()) {
    LOG_WARN_LIMITED << "sends stay refused, there is no room for the next log file: "
                     << made.error().ToString();
    return;
  }
  ready_ = made.Take();
  refused_base_ = kNoBase;
  gate_.SetNoNextSegment(false);
  LOG_INFO << "there is room for the next log file again: " << ready_->path();
}

Status SegmentAllocator::State::Discard() {
  MutexLock lock(mutex_);
  closed_ = true;
  ahead_->End();
  DropFilling();
  if (ready_ != nullptr) {
    COMET_TRY(fs_.Remove(ready_->path()));
    ready_ = nullptr;
  }
  for (const std::string& workshop : workshops_) COMET_TRY(RemoveWorkshop(workshop));
  // What was removed from the log's folder must not be back when the stop is known to be orderly.
  return fs_.SyncDirectory(directory_);
}

// With what a crash has left there.
Status SegmentAllocator::State::RemoveWorkshop(const std::string& workshop) {
  COMET_ASSIGN(const bool exists, fs_.Exists(workshop));
  if (!exists) return {};
  COMET_ASSIGN(const auto names, fs_.List(workshop));
  for (const std::string& name : names) {
    if (SegmentBase(name)) COMET_TRY(fs_.Remove(PathIn(workshop, name)));
  }
  return fs_.Remove(workshop);
}

SegmentAllocator::SegmentAllocator(FileSystem& fs, Executor& worker, WriteGate& gate,
                                   const StoreConfig& config)
    : segment_bytes_(config.segment_bytes),
      state_(std::make_shared<State>(fs, worker, gate, config)) {}

SegmentAllocator::~SegmentAllocator() = default;

void SegmentAllocator::StartBehind(std::int64_t base) {
  state_->StartBehind(base);
}

void SegmentAllocator::Reserve(std::int64_t to) {
  state_->ahead().Reserve(to);
}

void SegmentAllocator::Progress(std::int64_t base, std::int64_t used) {
  const auto ahead = (used - segment_bytes_ / 8) / 3 * 4;
  if (ahead <= 0) return;
  state_->Pace(base + segment_bytes_, std::min(ahead, segment_bytes_));
}

StatusOr<std::shared_ptr<Segment>> SegmentAllocator::Take(std::int64_t base) {
  return state_->Take(base);
}

void SegmentAllocator::Retry() {
  state_->Retry();
}

Status SegmentAllocator::Discard() {
  return state_->Discard();
}

}  // namespace comet::store
