#include "remoting/base/posix_file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "remoting/base/posix_file.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

constexpr mode_t kFileMode = 0644;
constexpr mode_t kDirectoryMode = 0755;

int OpenRetrying(const std::string& path, int flags) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, kFileMode);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

StatusOr<Descriptor> OpenDescriptor(const std::string& path, int flags) {
  const int fd = OpenRetrying(path, flags);
  if (fd < 0) return PosixError("open", path, errno);
  return Descriptor(fd);
}

class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;  // closing it gives the lock back
};

std::string Parent(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool IsDirectory(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

StatusOr<std::unique_ptr<File>> PosixFileSystem::Open(const std::string& path, Mode mode) {
  int flags = O_RDWR;
  if (mode == Mode::kCreate) flags |= O_CREAT | O_EXCL;
  if (mode == Mode::kOpenOrCreate) flags |= O_CREAT;
  int fd = OpenRetrying(path, flags);
  // What may only be read (a conf file of root's, a read-only mount) opens, and refuses its writes.
  if (fd < 0 && mode == Mode::kOpen && (errno == EROFS || errno == EACCES)) {
    fd = OpenRetrying(path, O_RDONLY);
  }
  if (fd < 0) return PosixError("open", path, errno);
  return std::unique_ptr<File>(std::make_unique<PosixFile>(path, Descriptor(fd)));
}

StatusOr<std::vector<std::string>> PosixFileSystem::List(const std::string& directory) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(directory.c_str()), &::closedir);
  if (!open) return PosixError("list", directory, errno);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(open.get());  // NOLINT: this DIR is of this thread alone
    if (entry == nullptr && errno != 0) return PosixError("list", directory, errno);
    if (entry == nullptr) break;
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

StatusOr<bool> PosixFileSystem::Exists(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return PosixError("stat", path, errno);
}

Status PosixFileSystem::MakeDirectories(const std::string& path) {
  std::vector<std::string> missing;
  for (std::string at = path; !at.empty() && !IsDirectory(at); at = Parent(at)) {
    missing.push_back(at);
    if (Parent(at) == at) break;
  }
  for (auto name = missing.rbegin(); name != missing.rend(); ++name) {
    if (::mkdir(name->c_str(), kDirectoryMode) == 0) {
      COMET_TRY(SyncDirectory(Parent(*name)));
    } else if (errno != EEXIST || !IsDirectory(*name)) {
      return PosixError("create directory", *name, errno);
    }
  }
  return {};
}

Status PosixFileSystem::MakeDirectory(const std::string& path) {
  if (::mkdir(path.c_str(), kDirectoryMode) == 0) return {};
  const int error = errno;
  if (error == EEXIST && IsDirectory(path)) return {};
  return PosixError("create directory", path, error);
}

Status PosixFileSystem::Rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  return PosixError("rename", Concat(from, " to ", to), errno);
}

Status PosixFileSystem::Remove(const std::string& path) {
  if (std::remove(path.c_str()) == 0) return {};
  return PosixError("remove", path, errno);
}

Status PosixFileSystem::SyncAll(const std::string& directory) {
  COMET_ASSIGN(const auto fd, OpenDescriptor(directory, O_RDONLY | O_DIRECTORY));
  if (::syncfs(fd.get()) == 0) return {};
  return PosixError("sync the file system of", directory, errno);
}

Status PosixFileSystem::SyncDirectory(const std::string& path) {
  COMET_ASSIGN(const auto fd, OpenDescriptor(path, O_RDONLY | O_DIRECTORY));
  if (::fsync(fd.get()) == 0) return {};
  return PosixError("sync directory", path, errno);
}

StatusOr<std::int64_t> PosixFileSystem::ModifiedMs(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return PosixError("stat", path, errno);
  return std::int64_t{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1000000;
}

StatusOr<DiskSpace> PosixFileSystem::Space(const std::string& path) {
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) return PosixError("measure disk of", path, errno);
  // Blocks kept for root count as used: an ordinary user cannot write there.
  const std::uint64_t total = info.f_blocks - (info.f_bfree - info.f_bavail);
  return DiskSpace{total * info.f_frsize, std::uint64_t{info.f_bavail} * info.f_frsize};
}

StatusOr<std::unique_ptr<FileLock>> PosixFileSystem::Lock(const std::string& path) {
  COMET_ASSIGN(auto fd, OpenDescriptor(path, O_RDWR | O_CREAT));
  while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return Status(Status::Code::kUnavailable, Concat("lock ", path, ": held by another process"));
    }
    if (errno != EINTR) return PosixError("lock", path, errno);
  }
  return std::unique_ptr<FileLock>(std::make_unique<PosixFileLock>(std::move(fd)));
}

}  // namespace comet
