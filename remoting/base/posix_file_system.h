#pragma once

#include "remoting/base/file_system.h"

namespace comet {

// The kernel's files: the only place that opens, writes, syncs, maps or locks one. Stateless; any
// thread. Interrupted and short calls are continued; ENOSPC and EDQUOT are kFull, ENOENT is
// kNotFound, every other refusal kIo, each with the path and the kernel's reason.
//
// Sync is fdatasync, which also brings the size to disk. Durable names take SyncDirectory.
class PosixFileSystem final : public FileSystem {
 public:
  StatusOr<std::unique_ptr<File>> Open(const std::string& path, Mode mode) override;
  StatusOr<std::vector<std::string>> List(const std::string& directory) override;
  StatusOr<bool> Exists(const std::string& path) override;
  Status MakeDirectories(const std::string& path) override;  // new names are synced
  Status MakeDirectory(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  Status SyncAll(const std::string& directory) override;
  StatusOr<std::int64_t> ModifiedMs(const std::string& path) override;
  StatusOr<DiskSpace> Space(const std::string& path) override;
  StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path) override;
};

}  // namespace comet
