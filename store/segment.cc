#include "store/segment.h"

#include <algorithm>

#include "remoting/base/check.h"
#include "remoting/base/text.h"
#include "remoting/base/unreadable_pages.h"

namespace comet::store {

Segment::Segment(std::string path, std::int64_t base, std::unique_ptr<File> file,
                 std::shared_ptr<Mapping> mapping)
    : path_(std::move(path)),
      base_(base),
      file_(std::move(file)),
      mapping_(std::move(mapping)),
      bytes_(mapping_->bytes()) {}

StatusOr<std::shared_ptr<Segment>> Segment::Open(FileSystem& fs, const std::string& path,
                                                 std::int64_t base) {
  COMET_ASSIGN(auto file, fs.Open(path, FileSystem::Mode::kOpen));
  COMET_ASSIGN(auto mapping, file->Map());
  return std::shared_ptr<Segment>(new Segment(path, base, std::move(file), std::move(mapping)));
}

Slice Segment::From(std::int64_t offset, std::int64_t bytes) const {
  COMET_CHECK_GE(offset, base_);
  if (offset >= end() || bytes <= 0) return {};
  return bytes_.substr(static_cast<std::size_t>(offset - base_), static_cast<std::size_t>(bytes));
}

std::int64_t Segment::Readable(std::int64_t offset, std::int64_t bytes) const {
  TouchPages(From(offset, bytes));
  return FirstUnreadable(offset, offset + bytes).value_or(offset + bytes) - offset;
}

std::optional<std::int64_t> Segment::FirstUnreadable(std::int64_t offset, std::int64_t end) const {
  const auto reaches_it = [&](std::int64_t to) {
    return mapping_->Unreadable(static_cast<std::size_t>(offset - base_),
                                static_cast<std::size_t>(to - offset));
  };
  if (!reaches_it(end)) return std::nullopt;
  std::int64_t before = offset;  // ends before it
  while (end - before > 1) {
    const std::int64_t middle = before + (end - before) / 2;
    (reaches_it(middle) ? end : before) = middle;
  }
  return before;
}

Status Segment::CheckTouched(std::int64_t offset, std::int64_t end) const {
  const auto at = FirstUnreadable(offset, end);
  if (!at) return {};
  return {Status::Code::kIo, Concat("the device does not give byte ", *at - base_, " of ", path_,
                                    " (log offset ", *at, ")")};
}

Status Segment::Write(std::int64_t offset, std::span<const Slice> parts) {
  COMET_CHECK_GE(offset, base_);
  return file_->WriteAt(static_cast<std::uint64_t>(offset - base_), parts);
}

}  // namespace comet::store
