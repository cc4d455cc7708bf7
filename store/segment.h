#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"

namespace comet::store {

// One file of the commit log, mapped for reading. Its name is the log offset of its first byte,
// 20 digits; its length is the same for all files of a log.
//
// Write and Sync: one thread each at a time. Everything else: any thread. Whoever holds the
// pointer may read, even after retention removed the name.
class Segment {
 public:
  static StatusOr<std::shared_ptr<Segment>> Open(FileSystem& fs, const std::string& path,
                                                 std::int64_t base);

  std::int64_t base() const { return base_; }          // log offset of the first byte
  std::int64_t end() const { return base_ + size(); }  // log offset behind the last byte
  std::int64_t size() const { return static_cast<std::int64_t>(bytes_.size()); }
  const std::string& path() const { return path_; }
  bool Contains(std::int64_t offset) const { return offset >= base_ && offset < end(); }

  // Bytes from a log offset on, cut at the end of the file. They are what was written only below
  // CommitLog::end().
  Slice From(std::int64_t offset, std::int64_t bytes) const;
  // How many of these bytes, all in the file, the device gives from the first on. Touches their
  // pages. Whoever uses bytes of a record asks first: what cannot be read is zeros.
  std::int64_t Readable(std::int64_t offset, std::int64_t bytes) const;
  bool CanRead(std::int64_t offset, std::int64_t bytes) const {
    return Readable(offset, bytes) == bytes;
  }
  // The first byte from `offset` up to `end` that somebody has touched in vain. Touches nothing.
  std::optional<std::int64_t> FirstUnreadable(std::int64_t offset, std::int64_t end) const;
  // As an error, kIo, which names the place: of what was touched, and of bytes that it touches.
  Status CheckTouched(std::int64_t offset, std::int64_t end) const;
  Status CheckReadable(std::int64_t offset, std::int64_t bytes) const {
    return CanRead(offset, bytes) ? Status() : CheckTouched(offset, offset + bytes);
  }

  Status Write(std::int64_t offset, std::span<const Slice> parts);
  Status Sync() { return file_->Sync(); }
  int descriptor() const { return file_->descriptor(); }  // for sendfile; -1 when there is none

 private:
  Segment(std::string path, std::int64_t base, std::unique_ptr<File> file,
          std::shared_ptr<Mapping> mapping);

  const std::string path_;
  const std::int64_t base_;
  const std::unique_ptr<File> file_;
  const std::shared_ptr<Mapping> mapping_;
  const Slice bytes_;
};

}  // namespace comet::store
