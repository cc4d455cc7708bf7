#pragma once

// Inside of PosixFileSystem: one open descriptor, and how the kernel's errors are told.

#include <atomic>
#include <string>

#include "remoting/base/file_system.h"

namespace comet {

// "<what> <path>: <strerror>" for the errno given.
Status PosixError(std::string_view what, const std::string& path, int error);

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

class PosixFile final : public File {
 public:
  PosixFile(std::string path, Descriptor fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  Status WriteAt(std::uint64_t offset, std::span<const Slice> parts) override;
  StatusOr<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) override;
  Status Sync() override;
  Status Allocate(std::uint64_t size) override;
  Status Truncate(std::uint64_t size) override;
  StatusOr<std::uint64_t> Size() override;
  StatusOr<std::shared_ptr<Mapping>> Map() override;
  int descriptor() const override { return fd_.get(); }

 private:
  Status CheckUsable() const;  // fails once a Sync has failed

  const std::string path_;
  const Descriptor fd_;
  std::atomic<bool> poisoned_ = false;  // never cleared
};

}  // namespace comet
