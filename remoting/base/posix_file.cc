#include "remoting/base/posix_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

#include "remoting/base/text.h"
#include "remoting/base/unreadable_pages.h"

namespace comet {
namespace {

constexpr std::size_t kPartsPerCall = 64;

bool IsOffset(std::uint64_t value) {
  return value <= static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());
}

class PosixMapping final : public Mapping {
 public:
  explicit PosixMapping(Slice bytes) : memory_{bytes}, unreadable_(bytes) {}

  Slice bytes() const override { return memory_.bytes; }
  bool Unreadable(std::size_t from, std::size_t bytes) const override {
    return unreadable_.Includes(from, bytes);
  }

 private:
  struct Memory {
    const Slice bytes;
    ~Memory() {
      if (!bytes.empty()) ::munmap(const_cast<char*>(bytes.data()), bytes.size());  // NOLINT
    }
  };
  const Memory memory_;
  const UnreadablePages unreadable_;  // goes before the memory
};

// Fills `vectors` with what is left of `parts` behind the first `done` bytes of the first part.
std::size_t Gather(std::span<const Slice> parts, std::size_t done,
                   std::array<iovec, kPartsPerCall>* vectors) {
  std::size_t count = 0;
  for (const Slice part : parts.first(std::min(parts.size(), kPartsPerCall))) {
    const Slice rest = part.substr(count == 0 ? done : 0);
    (*vectors)[count++] = {const_cast<char*>(rest.data()), rest.size()};  // NOLINT: pwritev reads
  }
  return count;
}

}  // namespace

Status PosixError(std::string_view what, const std::string& path, int error) {
  auto code = Status::Code::kIo;
  if (error == ENOSPC || error == EDQUOT) code = Status::Code::kFull;
  if (error == ENOENT) code = Status::Code::kNotFound;
  if (error == EMFILE || error == ENFILE) code = Status::Code::kUnavailable;  // nothing was opened
  return {code, Concat(what, ' ', path, ": ", std::generic_category().message(error))};
}

Descriptor::~Descriptor() {
  // What must be durable was synced before; an error here has no one left to tell.
  if (fd_ >= 0) ::close(fd_);
}

Status PosixFile::CheckUsable() const {
  if (!poisoned_.load(std::memory_order_acquire)) return {};
  return {Status::Code::kIo, Concat(path_,
                                    ": an earlier sync failed, what was written before it "
                                    "may be lost; the file takes no more writes")};
}

Status PosixFile::WriteAt(std::uint64_t offset, std::span<const Slice> parts) {
  COMET_TRY(CheckUsable());
  std::size_t done = 0;  // of the first part
  while (!parts.empty()) {
    if (parts.front().size() == done) {
      parts = parts.subspan(1);
      done = 0;
      continue;
    }
    std::array<iovec, kPartsPerCall> vectors;
    const auto count = static_cast<int>(Gather(parts, done, &vectors));
    if (!IsOffset(offset)) return PosixError("write", path_, EFBIG);
    const ssize_t written = ::pwritev(fd_.get(), vectors.data(), count, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return PosixError("write", path_, errno);
    if (written == 0) return PosixError("write", path_, EIO);
    offset += static_cast<std::uint64_t>(written);
    auto left = static_cast<std::size_t>(written) + done;
    while (!parts.empty() && left >= parts.front().size()) {
      left -= parts.front().size();
      parts = parts.subspan(1);
    }
    done = left;
  }
  return {};
}

StatusOr<std::size_t> PosixFile::ReadAt(std::uint64_t offset, std::span<char> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    if (!IsOffset(offset + done)) return PosixError("read", path_, EINVAL);
    const ssize_t got = ::pread(fd_.get(), into.data() + done, into.size() - done,
                                static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return PosixError("read", path_, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Status PosixFile::Sync() {
  COMET_TRY(CheckUsable());
  // Not even EINTR is retried: the pages may be marked clean by now, and a second call that
  // succeeds would say nothing about them.
  if (::fdatasync(fd_.get()) == 0) return {};
  const int error = errno;
  poisoned_.store(true, std::memory_order_release);
  return PosixError("sync", path_, error);
}

Status PosixFile::Allocate(std::uint64_t size) {
  COMET_TRY(CheckUsable());
  COMET_ASSIGN(const auto before, Size());
  if (size <= before) return {};
  if (!IsOffset(size)) return PosixError("allocate", path_, EFBIG);
  int error = 0;
  do {
    error =
        ::posix_fallocate(fd_.get(), static_cast<off_t>(before), static_cast<off_t>(size - before));
  } while (error == EINTR);
  if (error == 0) return {};
  // A refused reservation may have grown the file part of the way.
  COMET_TRY(Truncate(before));
  return PosixError("allocate", path_, error);
}

Status PosixFile::Truncate(std::uint64_t size) {
  COMET_TRY(CheckUsable());
  if (!IsOffset(size)) return PosixError("truncate", path_, EFBIG);
  while (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) {
    if (errno != EINTR) return PosixError("truncate", path_, errno);
  }
  return {};
}

StatusOr<std::uint64_t> PosixFile::Size() {
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0) return PosixError("stat", path_, errno);
  return static_cast<std::uint64_t>(info.st_size);
}

StatusOr<std::shared_ptr<Mapping>> PosixFile::Map() {
  COMET_ASSIGN(const auto size, Size());
  Slice bytes;
  if (size != 0) {
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd_.get(), 0);
    if (mapped == MAP_FAILED) return PosixError("map", path_, errno);
    bytes = {static_cast<const char*>(mapped), size};
  }
  return std::shared_ptr<Mapping>(std::make_shared<PosixMapping>(bytes));
}

}  // namespace comet
