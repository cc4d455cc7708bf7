#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "store/damage_list.h"
#include "store/segment.h"
#include "store/wake_hook.h"

namespace comet::store {

class SegmentAllocator;
struct StoreConfig;

// A pinned range of the log. The bytes stay valid while the pin lives, even if retention
// removes the file meanwhile.
struct LogRange {
  Slice bytes;
  std::shared_ptr<const Segment> pin;
  int descriptor = -1;  // for sendfile, when the range is large; -1 when there is none
  std::uint64_t file_position = 0;
};

// The durable sequence of records. Byte-compatible with RocketMQ: big-endian records, a blank
// record closes each file, no record spans two files.
//
// Publish: the appender stores end() with release after the write has returned; readers load it
// with acquire and never read past it. flushed() follows it in the same way and never overtakes.
//
// Append and Roll, and what a replica has instead of them: appender thread. Flush: flusher thread.
// RemoveOldest: a worker. Reading: any thread.
class CommitLog {
 public:
  // Opens the files of `config.commit_log_path()`; none is created. Everything in them counts as
  // written until recovery has said, through StartAt, where the log ends. A file of another size,
  // or a gap between two files, is kCorruption.
  static StatusOr<std::unique_ptr<CommitLog>> Open(FileSystem& fs, const StoreConfig& config,
                                                   SegmentAllocator& allocator);
  // Ends recovery: records end at `end`, all of them are on the device. `damaged` is never served.
  // Files that begin behind the one that holds `end` must have been removed.
  void StartAt(std::int64_t end, DamageList damaged);

  // Contiguous bytes for the active segment, at most room() of them. A page that they begin is
  // zeroed behind them. An error leaves the tail of the log unknown.
  Status Append(std::span<const Slice> parts);
  // Closes the active segment with a blank record and opens the next. kFull when there is no disk
  // space for one: then nothing has changed. Any other error leaves the tail unknown.
  Status Roll();

  // A replica writes its records with Append, and files as its master has them: the blank record is
  // copied with what lies behind it, and Roll then finds the file full.
  //
  // An empty log, of which begin() is 0, begins at `offset`, a multiple of segment_bytes(): that
  // file is made and opened. Errors as of Roll.
  Status StartEmptyAt(std::int64_t offset);
  // Bytes of the active segment behind end(), which become part of the log with CloseFile.
  Status WriteAhead(std::int64_t offset, Slice bytes);
  // Writes the blank record at end(), which moves to the end of the segment.
  Status CloseFile(Slice blank);

  // Makes what is below end() durable; returns the new flushed mark. An error is final.
  StatusOr<std::int64_t> Flush();

  // kNotFound before begin() and past end(), kCorruption when the range touches damage,
  // kInvalid when it spans two files. Whether the device gives it is for the pin to say.
  StatusOr<LogRange> Read(std::int64_t offset, std::uint32_t size) const;
  // kIo, naming the place and the remedy, when somebody has touched bytes that the device does not
  // give.
  Status CheckTouched() const;
  // The file that holds `offset`, for reading many records in a row; null if there is none.
  std::shared_ptr<const Segment> SegmentAt(std::int64_t offset) const;
  std::vector<std::shared_ptr<const Segment>> segments() const;  // in log order
  const DamageList& damaged() const { return damaged_; }

  // Takes the oldest file away: from now on begin() is the start of the next one. Its bytes stay
  // readable to those who pinned it. kInvalid for the active or only file. After another error
  // nothing has changed, for a start may find the file again: call once more.
  Status RemoveOldest();

  std::int64_t begin() const { return begin_.load(std::memory_order_acquire); }
  std::int64_t end() const { return end_.load(std::memory_order_acquire); }
  std::int64_t flushed() const { return flushed_.load(std::memory_order_acquire); }
  // Up to where consumers may see: under SYNC_FLUSH nothing that a power cut could take back.
  std::int64_t visible() const { return sync_flush_ ? flushed() : end(); }
  // Bytes left in the active segment, the blank record's deducted. Appender thread.
  std::int64_t room() const;
  // Whether the next byte needs a file that is not open yet. Appender thread.
  bool full() const { return active_ == nullptr || active_->end() == end(); }
  std::int64_t segment_bytes() const { return segment_bytes_; }

  // Called by the thread that moved it, once for each group written or synced; must be cheap. To be
  // connected before there are threads, by one each.
  WakeHook& end_moved() { return end_moved_; }
  WakeHook& flushed_moved() { return flushed_moved_; }
  WakeHook& visible_moved() { return sync_flush_ ? flushed_moved_ : end_moved_; }

 private:
  friend class Recovery;

  CommitLog(FileSystem& fs, const StoreConfig& config, SegmentAllocator& allocator);
  Status LoadSegments();
  Status Write(std::int64_t offset, std::span<const Slice> parts);
  void MoveEnd(std::int64_t to);
  std::vector<std::shared_ptr<Segment>> SegmentsIn(std::int64_t from, std::int64_t to) const;
  Status RemoveSegmentsFrom(std::int64_t offset);  // recovery: files that begin at or behind it
  Status MapLostAnew();  // recovery: files with lost bytes, of which some may be written anew

  FileSystem& fs_;
  SegmentAllocator& allocator_;
  const std::string directory_;
  const std::int64_t segment_bytes_;
  const bool sync_flush_;
  WakeHook end_moved_, flushed_moved_;
  DamageList damaged_;
  std::shared_ptr<Segment> active_;  // appender's own; null until the first Append or Roll

  mutable SharedMutex mutex_;
  std::vector<std::shared_ptr<Segment>> segments_ GUARDED_BY(mutex_);

  std::atomic<std::int64_t> begin_ = 0;
  std::atomic<std::int64_t> end_ = 0;      // published after the write returns
  std::atomic<std::int64_t> flushed_ = 0;  // never above end_
};

}  // namespace comet::store
