#pragma once

#include <comet/message.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"

namespace comet::client {

// The offsets of a broadcasting consumer, in a file as Java's clients write it:
// {"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"orders"}:42}}. The file before is
// kept as <path>.bak, and read when the file cannot be. Without a path they are in memory only.
// Topics have the brokers' names. Thread-safe; Load and Save block.
class OffsetFile {
 public:
  OffsetFile(FileSystem& files, std::string path);

  // Nothing to read is an empty file; what cannot be read, with its predecessor, is an error that
  // names both.
  Status Load() EXCLUDES(mutex_);
  // Replaces the file if something has changed; a crash leaves the old or the new one.
  Status Save() EXCLUDES(saving_, mutex_);

  std::optional<std::int64_t> Find(const Queue& queue) const EXCLUDES(mutex_);
  void Put(const Queue& queue, std::int64_t offset) EXCLUDES(mutex_);

 private:
  using Table = std::map<Queue, std::int64_t>;
  StatusOr<std::optional<Table>> Read(const std::string& path);  // none: it is not there

  FileSystem& files_;
  const std::string path_;
  Mutex saving_;  // one writer; taken before mutex_
  mutable Mutex mutex_;
  Table offsets_ GUARDED_BY(mutex_);
  bool changed_ GUARDED_BY(mutex_) = false;
  bool readable_ GUARDED_BY(mutex_) = false;  // the file; then it is worth keeping as .bak
};

}  // namespace comet::client
