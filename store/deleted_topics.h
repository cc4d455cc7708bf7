#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"

namespace comet::store {

// Which records are of topics that were deleted: by topic, the log offset below which they lie. The
// records stay in the log until it is cut there; neither a start after a crash nor queues that are
// made again from the log may bring them back, least of all into a topic of the same name.
//
// File: a line `offset topic` for each, then their CRC (checked_lines.h). Any thread.
class DeletedTopics {
 public:
  DeletedTopics(FileSystem& fs, std::string path) : fs_(fs), path_(std::move(path)) {}

  Status Load() EXCLUDES(mutex_);  // before all else
  // Records of the topic below this log offset are nobody's; 0 if it was never deleted.
  std::int64_t EndOf(std::string_view topic) const EXCLUDES(mutex_);

  // These are durable when they return ok.
  Status Add(std::span<const std::string> topics, std::int64_t log_offset) EXCLUDES(mutex_);
  // The log ends here: what comes behind is none of theirs.
  Status LowerTo(std::int64_t log_offset) EXCLUDES(mutex_);
  // The log begins here: whatever lay before is gone.
  Status DropBefore(std::int64_t log_offset) EXCLUDES(mutex_);

 private:
  Status Save() EXCLUDES(mutex_);

  FileSystem& fs_;
  const std::string path_;
  Mutex saving_;  // held while the file is written
  mutable Mutex mutex_;
  std::map<std::string, std::int64_t, std::less<>> ends_ GUARDED_BY(mutex_);
};

}  // namespace comet::store
