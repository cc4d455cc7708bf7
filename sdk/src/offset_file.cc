#include "sdk/src/offset_file.h"

#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/offset_tables.h"

namespace comet::client {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 20;

}  // namespace

OffsetFile::OffsetFile(FileSystem& files, std::string path)
    : files_(files), path_(std::move(path)) {}

StatusOr<std::optional<OffsetFile::Table>> OffsetFile::Read(const std::string& path) {
  COMET_ASSIGN(const bool there, files_.Exists(path));
  if (!there) return std::optional<Table>();
  COMET_ASSIGN(const std::string text, ReadFile(files_, path, kMaxBytes));
  COMET_ASSIGN(const auto body, FromJson<wire::ResetOffsetBody>(text));
  Table table;
  for (const auto& [queue, offset] : body.offsets) {
    if (offset < 0) return Status(Status::Code::kInvalid, Concat("a negative offset, ", offset));
    table[{queue.topic, queue.broker_name, queue.queue_id}] = offset;
  }
  return std::optional(std::move(table));
}

Status OffsetFile::Load() {
  if (path_.empty()) return {};
  auto read = Read(path_);
  const bool from_file = read.ok() && read->has_value();
  if (!from_file) {
    auto before = Read(path_ + ".bak");
    if (before.ok() && before->has_value()) {
      read = std::move(before);
    } else if (!read.ok()) {
      return Status(
          Status::Code::kCorruption,
          Concat("offset file ", path_, ": ", read.error().message(), "; nor is there a readable ",
                 path_, ".bak: repair or remove it, then `start` counts"));
    }
  }
  MutexLock lock(mutex_);
  readable_ = from_file;
  if (read->has_value()) offsets_ = std::move(**read);
  return {};
}

Status OffsetFile::Save() {
  if (path_.empty()) return {};
  MutexLock saving(saving_);
  wire::ResetOffsetBody body;
  bool keep = false;
  {
    MutexLock lock(mutex_);
    if (!changed_) return {};
    changed_ = false;
    keep = readable_;
    for (const auto& [queue, offset] : offsets_) {
      body.offsets[{queue.topic, queue.broker, queue.id}] = offset;
    }
  }
  const auto save = [&]() -> Status {
    COMET_TRY(files_.MakeDirectories(path_.substr(0, path_.rfind('/'))));
    if (keep) {
      COMET_ASSIGN(const std::string before, ReadFile(files_, path_, kMaxBytes));
      COMET_TRY(WriteFileAtomically(files_, path_ + ".bak", before));
    }
    return WriteFileAtomically(files_, path_, ToJson(body));
  };
  Status saved = save();
  MutexLock lock(mutex_);
  readable_ = readable_ || saved.ok();
  changed_ = changed_ || !saved.ok();  // then the next time has it too
  return saved;
}

std::optional<std::int64_t> OffsetFile::Find(const Queue& queue) const {
  MutexLock lock(mutex_);
  const auto found = offsets_.find(queue);
  if (found == offsets_.end()) return std::nullopt;
  return found->second;
}

void OffsetFile::Put(const Queue& queue, std::int64_t offset) {
  MutexLock lock(mutex_);
  std::int64_t& place = offsets_.try_emplace(queue, -1).first->second;
  changed_ = changed_ || place != offset;
  place = offset;
}

}  // namespace comet::client
