#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"

namespace comet::store {

class OpenFiles;

// A file that is opened when somebody needs it and closed when too many are open. Any thread.
class LazyFile {
 public:
  LazyFile(OpenFiles& files, std::string path) : files_(files), path_(std::move(path)) {}
  ~LazyFile();
  LazyFile(const LazyFile&) = delete;
  LazyFile& operator=(const LazyFile&) = delete;

  // The open file; it stays usable as long as the caller holds it.
  StatusOr<std::shared_ptr<File>> Acquire(FileSystem::Mode mode = FileSystem::Mode::kOpen);
  void Close();  // before the file is removed; Acquire opens it again
  const std::string& path() const { return path_; }

 private:
  friend class OpenFiles;
  bool CloseIfIdle();  // false: used since the last call

  OpenFiles& files_;
  const std::string path_;
  mutable Mutex mutex_;
  std::shared_ptr<File> file_ GUARDED_BY(mutex_);
  bool used_ GUARDED_BY(mutex_) = false;
};

// Bounds how many lazy files are open at a time (second chance: a hand goes round, and closes the
// first file that nobody used since it last came by). Outlives its lazy files. Any thread.
class OpenFiles {
 public:
  OpenFiles(FileSystem& fs, std::size_t max) : fs_(fs), max_(max) {}

  std::size_t open() const EXCLUDES(mutex_);
  FileSystem& fs() { return fs_; }

 private:
  friend class LazyFile;
  void Opened(LazyFile* file) EXCLUDES(mutex_);
  void Forget(LazyFile* file) EXCLUDES(mutex_);

  FileSystem& fs_;
  const std::size_t max_;
  mutable Mutex mutex_;
  std::vector<LazyFile*> open_ GUARDED_BY(mutex_);
  std::size_t hand_ GUARDED_BY(mutex_) = 0;
};

}  // namespace comet::store
