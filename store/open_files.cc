#include "store/open_files.h"

#include <utility>

namespace comet::store {

LazyFile::~LazyFile() {
  files_.Forget(this);
}

StatusOr<std::shared_ptr<File>> LazyFile::Acquire(FileSystem::Mode mode) {
  std::shared_ptr<File> file;
  {
    MutexLock lock(mutex_);
    used_ = true;
    if (file_ != nullptr) return file_;
    COMET_ASSIGN(auto opened, files_.fs().Open(path_, mode));
    file_ = std::move(opened);
    file = file_;
  }
  files_.Opened(this);
  return file;
}

void LazyFile::Close() {
  {
    MutexLock lock(mutex_);
    file_ = nullptr;
  }
  files_.Forget(this);
}

bool LazyFile::CloseIfIdle() {
  MutexLock lock(mutex_);
  if (std::exchange(used_, false)) return false;
  file_ = nullptr;
  return true;
}

std::size_t OpenFiles::open() const {
  MutexLock lock(mutex_);
  return open_.size();
}

void OpenFiles::Opened(LazyFile* file) {
  MutexLock lock(mutex_);
  open_.push_back(file);
  // Two rounds clear every mark, so this ends.
  for (std::size_t tries = 2 * open_.size(); open_.size() > max_ && tries > 0; --tries) {
    hand_ = hand_ < open_.size() ? hand_ : 0;
    if (open_[hand_] == file || !open_[hand_]->CloseIfIdle()) {
      ++hand_;
    } else {
      open_[hand_] = open_.back();
      open_.pop_back();
    }
  }
}

void OpenFiles::Forget(LazyFile* file) {
  MutexLock lock(mutex_);
  std::erase(open_, file);
}

}  // namespace comet::store
