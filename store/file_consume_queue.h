#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "remoting/base/mutex.h"
#include "store/consume_queue.h"
#include "store/open_files.h"

namespace comet::store {

// How far the contents of queue files are believed when they are opened.
struct QueueTrust {
  bool after_crash = false;       // what lies behind the last good entry may be anything
  std::int64_t trusted_to = 0;    // entries of records below were synced before
  std::int64_t budget_bytes = 0;  // how much may be read to check every entry; counted down
  std::function<Status()> before_repair = nullptr;  // before the first change; an error ends it

  Status BeginRepair() {
    const auto first = std::exchange(before_repair, nullptr);
    return first ? first() : Status();
  }
};

// A consume queue in RocketMQ's files: each `file_bytes` long and named by the position of its
// first byte, 20 digits; sparse, so that an unused part costs nothing.
//
// Written and read with pwrite and pread, not through a mapping: one write per queue and dispatch
// batch costs as little as stores do, a full disk is an error and not SIGBUS, faults can be
// injected, and forty thousand queues need neither forty thousand mappings nor descriptors.
class FileConsumeQueue final : public ConsumeQueue {
 public:
  // No file is touched before Load or the first Publish. `files` outlives the queue.
  FileConsumeQueue(OpenFiles& files, std::string directory, std::int64_t file_bytes);

  // Finds begin and end of what is on disk. Files of a wrong size, gaps and entries that cannot
  // be are cut away with all that follows; then the result is false, and the log has to be
  // dispatched again from log_end(). IgnoreBefore comes first.
  StatusOr<bool> Load(QueueTrust* trust);

  // The queue once ended at `index`, so that what is missing up to there was lost. Before the first
  // Add. Forgotten when the queue starts again: then the numbers do too.
  void KnownTo(std::int64_t index) { known_to_ = std::max(known_to_, index); }
  std::int64_t known_to() const { return known_to_; }  // dispatch thread, or before it starts

  void Add(std::int64_t index, const QueueEntry& entry) override;
  Status Publish() override EXCLUDES(mutex_);
  StatusOr<std::size_t> Get(std::int64_t index, std::span<QueueEntry> into) const override
      EXCLUDES(mutex_);
  std::int64_t begin() const override { return begin_.load(std::memory_order_acquire); }
  std::int64_t end() const override { return end_.load(std::memory_order_seq_cst); }
  std::int64_t log_end() const override { return log_end_.load(std::memory_order_acquire); }
  void IgnoreBefore(std::int64_t log_offset) override;
  Status TruncateAfter(std::int64_t log_offset) override EXCLUDES(mutex_);
  Status DropBefore(std::int64_t log_offset) override EXCLUDES(mutex_);
  std::size_t BeginSync() override EXCLUDES(mutex_);
  Status SyncBegun() override EXCLUDES(mutex_);
  void EndSync(bool synced) override EXCLUDES(mutex_);
  Status Delete(std::int64_t log_offset) override EXCLUDES(mutex_);

 private:
  using FilePtr = std::shared_ptr<LazyFile>;
  struct Patch {  // an entry that takes the place of one written before
    std::int64_t index;
    QueueEntry entry;
  };

  // load
  Status LoadFiles(bool* good, std::vector<std::string>* rejected) EXCLUDES(mutex_);
  StatusOr<std::int64_t> FindEnd() const;
  StatusOr<std::int64_t> CheckFrom(std::int64_t first, std::int64_t end, QueueTrust* trust) const;

  // add
  void AddBehind(std::int64_t index, const QueueEntry& entry);
  void AddBefore(std::int64_t index, const QueueEntry& entry);
  std::int64_t next() const;
  bool ReadPendingOrWritten(std::int64_t index, QueueEntry* entry) const;

  // files
  std::int64_t units_per_file() const { return file_bytes_ / kQueueEntryBytes; }
  std::int64_t first_index() const EXCLUDES(mutex_);  // of the oldest file
  FilePtr FileOf(std::int64_t index) const EXCLUDES(mutex_);
  StatusOr<FilePtr> FileForWrite(std::int64_t index) EXCLUDES(mutex_);
  Status StartFirstFile(std::int64_t index) EXCLUDES(mutex_);
  Status WriteUnits(std::int64_t index, Slice units) EXCLUDES(mutex_);
  StatusOr<std::size_t> ReadUnits(std::int64_t index, std::span<char> into) const;
  StatusOr<QueueEntry> ReadUnit(std::int64_t index) const;
  Status CutAt(std::int64_t index) EXCLUDES(mutex_);
  Status RemoveFile(std::size_t at) EXCLUDES(mutex_);
  Status RemoveFiles() EXCLUDES(mutex_);
  static Status SyncFile(LazyFile& lazy);
  std::string PathOf(std::int64_t file_number) const;

  StatusOr<std::int64_t> FirstAtOrBehind(std::int64_t log_offset, std::int64_t from,
                                         std::int64_t to) const;

  OpenFiles& open_files_;
  const std::string directory_;
  const std::int64_t file_bytes_;

  std::atomic<std::int64_t> begin_ = 0, end_ = 0, log_end_ = 0;
  std::atomic<std::int64_t> first_log_offset_ = 0;  // of the entry at begin_; 0 if unknown

  // Dispatch thread only.
  std::string pending_;  // encoded entries, the first one for pending_from_
  std::int64_t pending_from_ = 0;
  std::int64_t pending_log_end_ = 0;  // 0: nothing was added since the last Publish
  std::vector<Patch> patches_;
  std::vector<std::int64_t> doubtful_;  // entries behind a gap: the next claim to them is believed
  std::int64_t ignored_before_ = 0;     // log offset
  std::int64_t known_to_ = 0;           // index
  bool restart_ = false;                // the topic was made anew: drop the files first
  bool tail_unknown_ = false;           // zero what lies behind end() before writing there

  mutable Mutex mutex_;
  std::vector<FilePtr> files_ GUARDED_BY(mutex_);    // without gaps
  std::int64_t first_file_ GUARDED_BY(mutex_) = 0;   // number of files_[0]
  std::vector<FilePtr> syncing_ GUARDED_BY(mutex_);  // taken by BeginSync
  bool names_syncing_ GUARDED_BY(mutex_) = false;
  std::vector<FilePtr> dirty_ GUARDED_BY(mutex_);  // written since the last Sync
  bool names_dirty_ GUARDED_BY(mutex_) = false;    // a file was made since the last Sync
};

}  // namespace comet::store
