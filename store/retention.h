#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"

namespace comet::store {

class CommitLog;
class KeyIndex;
class QueueTable;

struct RetentionOptions {
  std::string delete_when = "04";    // hours of the local day, ';' separated (deleteWhen)
  std::int64_t reserved_hours = 72;  // fileReservedTime
  int clean_percent = 75;            // diskMaxUsedSpaceRatio: delete what has expired
  int clean_at_once_percent = 85;    // diskSpaceCleanForciblyRatio
  int refuse_percent = 90;           // diskSpaceWarningLevelRatio: sends are refused
  bool delete_unexpired = false;     // cleanFileForciblyEnable
  int files_per_round = 10;          // deleteFileBatchMax
  std::vector<std::string> paths;    // whose disks are watched: the log's, then the queues'
};

// Deletes old files of the log, and what refers to them; watches the disks. Worker thread only,
// but for disk_full().
class Retention {
 public:
  // `index` may be null. All outlive this.
  Retention(FileSystem& fs, Clock& clock, CommitLog& log, QueueTable& queues, KeyIndex* index,
            RetentionOptions options);

  // One round, meant for every cleanResourceInterval (10 s). Returns how many log files went.
  // The first error is returned after the rest of the round was done. Files that do not end below
  // `indexed_to`, up to where the queues are on the device, stay whatever their age: after a crash
  // their queue offsets could not be found again.
  StatusOr<int> Step(std::int64_t indexed_to);
  // The next 20 rounds delete what has expired, whatever the hour.
  void DeleteSoon() { rounds_by_hand_.store(20); }

  // Set when a disk is fuller than refuse_percent, cleared when it is not: recovers by itself.
  bool disk_full() const { return disk_full_.load(std::memory_order_acquire); }
  // Used share of the fullest disk in percent, as of the last round; -1 before.
  int used_percent() const { return used_percent_.load(std::memory_order_relaxed); }
  // Only looks at the disks; for the time between rounds.
  Status CheckDisks();
  void Change(RetentionOptions options) { options_ = std::move(options); }  // worker

 private:
  bool IsTime() const;
  StatusOr<int> DeleteLogFiles(std::int64_t indexed_to, bool even_unexpired);
  Status FollowLog();

  FileSystem& fs_;
  Clock& clock_;
  CommitLog& log_;
  QueueTable& queues_;
  KeyIndex* const index_;
  RetentionOptions options_;
  std::int64_t followed_to_ = -1;
  std::atomic<int> rounds_by_hand_ = 0, used_percent_ = -1;
  std::atomic<bool> disk_full_ = false;
};

}  // namespace comet::store
