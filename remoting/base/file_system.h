#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "remoting/base/bytes.h"
#include "remoting/base/status_or.h"

namespace comet {

// Bytes of a file, mapped for reading; unmapped when the last holder lets go.
class Mapping {
 public:
  virtual ~Mapping() = default;
  virtual Slice bytes() const = 0;
  // Whether some of the bytes [from, from + bytes) could not be read when they were touched: they
  // are zeros from then on. Says nothing of what was not touched.
  virtual bool Unreadable(std::size_t from, std::size_t bytes) const = 0;
};

// One open file. Every write and every sync of durable data goes through here, so
// that a test can fail, tear or lose any of them. Closed by the destructor.
// WriteAt, Truncate and Allocate: one thread at a time; Sync, ReadAt and Map: any thread.
class File {
 public:
  virtual ~File() = default;

  // Writes all parts one behind the other, or reports an error; then an unknown prefix of them
  // may be in the file. A full disk is kFull.
  virtual Status WriteAt(std::uint64_t offset, std::span<const Slice> parts) = 0;
  // Returns the number of bytes read, less than asked for only at the end of the file.
  virtual StatusOr<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) = 0;
  // Data and size are on the device when this returns ok. After a failure the file is poisoned:
  // every later WriteAt and Sync fails, because the kernel may have dropped the pages.
  virtual Status Sync() = 0;
  // Grows the file to `size` with zeros and reserves the blocks. kFull when there is no room;
  // the file then has its former size.
  virtual Status Allocate(std::uint64_t size) = 0;
  // Sets the size without reserving blocks (sparse) or cuts the file.
  virtual Status Truncate(std::uint64_t size) = 0;
  virtual StatusOr<std::uint64_t> Size() = 0;
  virtual StatusOr<std::shared_ptr<Mapping>> Map() = 0;  // the file's present size
  virtual int descriptor() const = 0;                    // for sendfile; -1 when there is none
};

// An exclusive lock between processes; released by the destructor.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

struct DiskSpace {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;  // for an ordinary user
};

// Where files live. Any thread. Errors name the path and the operating system's reason.
class FileSystem {
 public:
  enum class Mode { kCreate, kOpen, kOpenOrCreate };  // kCreate fails if the name exists

  virtual ~FileSystem() = default;
  virtual StatusOr<std::unique_ptr<File>> Open(const std::string& path, Mode mode) = 0;
  // Names (not paths) in the directory, sorted; kNotFound if it does not exist.
  virtual StatusOr<std::vector<std::string>> List(const std::string& directory) = 0;
  virtual StatusOr<bool> Exists(const std::string& path) = 0;
  virtual Status MakeDirectories(const std::string& path) = 0;  // with parents; ok if there
  // One directory whose parent is there; ok if it is too. Its name is durable only after
  // SyncDirectory of the parent.
  virtual Status MakeDirectory(const std::string& path) { return MakeDirectories(path); }
  virtual Status Rename(const std::string& from, const std::string& to) = 0;  // atomic
  virtual Status Remove(const std::string& path) = 0;         // a file or an empty directory
  virtual Status SyncDirectory(const std::string& path) = 0;  // makes names durable
  // Makes everything durable that was written before, by anybody, in the file system that holds
  // the directory: cheaper than syncing very many files. kUnavailable when there is no such call.
  virtual Status SyncAll(const std::string& directory) {
    return {Status::Code::kUnavailable, "no way to sync all at once: " + directory};
  }
  virtual StatusOr<std::int64_t> ModifiedMs(const std::string& path) = 0;
  virtual StatusOr<DiskSpace> Space(const std::string& path) = 0;
  // Creates the file if need be. kUnavailable when another process holds it.
  virtual StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path) = 0;
};

// Reads a whole file of at most `limit` bytes.
StatusOr<std::string> ReadFile(FileSystem& fs, const std::string& path, std::uint64_t limit);

// Replaces a file so that a crash leaves the old or the new content: writes `path`.tmp, syncs,
// renames, syncs the directory.
Status WriteFileAtomically(FileSystem& fs, const std::string& path, Slice content);

}  // namespace comet
