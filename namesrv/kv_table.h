#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"

namespace comet::namesrv {

// Small settings that operators and tools keep at the name server, by namespace and key. The only
// thing of a name server that is on disk: in one JSON file, RocketMQ's kvConfig.json.
// A change is in the file before it is visible; an error of writing leaves both as they were.
// Any thread.
class KvTable {
 public:
  using Namespace = std::map<std::string, std::string>;

  // A file that does not exist is an empty table; one that cannot be read is an error.
  // `fs` must outlive the table.
  static StatusOr<std::unique_ptr<KvTable>> Open(FileSystem& fs, std::string path);

  // kInvalid for a name that is not allowed, kFull when the table is; else errors of the disk.
  Status Put(std::string_view ns, std::string_view key, std::string_view value)
      EXCLUDES(write_mutex_, mutex_);
  // Ok as well when there is no such key.
  Status Delete(std::string_view ns, std::string_view key) EXCLUDES(write_mutex_, mutex_);

  std::optional<std::string> Get(std::string_view ns, std::string_view key) const EXCLUDES(mutex_);
  // Nothing when the namespace was never written.
  std::optional<Namespace> List(std::string_view ns) const EXCLUDES(mutex_);

 private:
  using Table = std::map<std::string, Namespace>;

  KvTable(FileSystem& fs, std::string path, Table table)
      : fs_(fs), path_(std::move(path)), table_(std::move(table)) {}

  // Writes the file, then shows the table.
  Status Replace(Table next) REQUIRES(write_mutex_) EXCLUDES(mutex_);
  Table Copy() const EXCLUDES(mutex_);

  FileSystem& fs_;
  const std::string path_;
  Mutex write_mutex_;  // one change at a time; held while the file is written
  mutable SharedMutex mutex_;
  Table table_ GUARDED_BY(mutex_);
};

}  // namespace comet::namesrv
