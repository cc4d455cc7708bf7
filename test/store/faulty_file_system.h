#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "remoting/base/file_system.h"

namespace comet::store {

// Passes everything on to another file system, but for what is to fail.
class FaultyFileSystem final : public FileSystem {
 public:
  explicit FaultyFileSystem(FileSystem& real) : real_(real) {}

  std::atomic<bool> fail_writes = false;
  std::atomic<bool> fail_syncs = false;
  std::atomic<bool> fail_reads = false;
  std::atomic<int> used_percent = 10;  // what Space says
  std::function<void()> before_sync;   // of a file or a directory
  std::string other_device;            // a directory whose files cannot be renamed out of it

  StatusOr<std::unique_ptr<File>> Open(const std::string& path, Mode mode) override {
    COMET_ASSIGN(auto file, real_.Open(path, mode));
    return std::unique_ptr<File>(std::make_unique<FaultyFile>(*this, std::move(file)));
  }
  StatusOr<std::vector<std::string>> List(const std::string& path) override {
    return real_.List(path);
  }
  StatusOr<bool> Exists(const std::string& path) override { return real_.Exists(path); }
  Status MakeDirectories(const std::string& path) override { return real_.MakeDirectories(path); }
  Status Rename(const std::string& from, const std::string& to) override {
    if (!other_device.empty() && from.starts_with(other_device)) {
      return {Status::Code::kIo, "Invalid cross-device link"};
    }
    return real_.Rename(from, to);
  }
  Status Remove(const std::string& path) override { return real_.Remove(path); }
  Status SyncDirectory(const std::string& path) override {
    if (before_sync) before_sync();
    return real_.SyncDirectory(path);
  }
  StatusOr<std::int64_t> ModifiedMs(const std::string& path) override {
    return real_.ModifiedMs(path);
  }
  StatusOr<DiskSpace> Space(const std::string& /*path*/) override {
    return DiskSpace{1000, static_cast<std::uint64_t>(1000 - 10 * used_percent.load())};
  }
  StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path) override {
    return real_.Lock(path);
  }

 private:
  class FaultyFile final : public File {
   public:
    FaultyFile(FaultyFileSystem& fs, std::unique_ptr<File> real)
        : fs_(fs), real_(std::move(real)) {}
    Status WriteAt(std::uint64_t offset, std::span<const Slice> parts) override {
      if (fs_.fail_writes) return {Status::Code::kFull, "no space left"};
      return real_->WriteAt(offset, parts);
    }
    StatusOr<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) override {
      if (fs_.fail_reads) return Status(Status::Code::kIo, "read failed");
      return real_->ReadAt(offset, into);
    }
    Status Sync() override {
      if (fs_.before_sync) fs_.before_sync();
      if (fs_.fail_syncs) return {Status::Code::kIo, "sync failed"};
      return real_->Sync();
    }
    Status Allocate(std::uint64_t size) override { return real_->Allocate(size); }
    Status Truncate(std::uint64_t size) override { return real_->Truncate(size); }
    StatusOr<std::uint64_t> Size() override { return real_->Size(); }
    StatusOr<std::shared_ptr<Mapping>> Map() override { return real_->Map(); }
    int descriptor() const override { return real_->descriptor(); }

   private:
    FaultyFileSystem& fs_;
    const std::unique_ptr<File> real_;
  };

  FileSystem& real_;
};

}  // namespace comet::store
