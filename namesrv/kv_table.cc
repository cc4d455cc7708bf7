#include "namesrv/kv_table.h"

#include <filesystem>
#include <utility>

#include "namesrv/checks.h"
#include "namesrv/limits.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"

namespace comet::namesrv {
namespace {

constexpr std::uint64_t kFileBytesMax = 64 * 1024 * 1024;

std::size_t CountEntries(const std::map<std::string, KvTable::Namespace>& table) {
  std::size_t count = 0;
  for (const auto& [ns, entries] : table) count += entries.size();
  return count;
}

}  // namespace

StatusOr<std::unique_ptr<KvTable>> KvTable::Open(FileSystem& fs, std::string path) {
  COMET_ASSIGN(const bool exists, fs.Exists(path));
  Table table;
  if (exists) {
    COMET_ASSIGN(const std::string text, ReadFile(fs, path, kFileBytesMax));
    auto file = FromJson<wire::KvConfigFile>(text);
    if (!file.ok()) return file.TakeError().Annotate(path);
    table = std::move(file->namespaces);
  }
  return std::unique_ptr<KvTable>(new KvTable(fs, std::move(path), std::move(table)));
}

Status KvTable::Put(std::string_view ns, std::string_view key, std::string_view value) {
  COMET_TRY(CheckKey("namespace", ns));
  COMET_TRY(CheckKey("key", key));
  if (value.size() > kKvValueBytesMax) {
    return Status(Status::Code::kInvalid,
                  Concat("value is longer than ", kKvValueBytesMax, " bytes"));
  }
  MutexLock lock(write_mutex_);
  Table next = Copy();
  next[std::string(ns)].insert_or_assign(std::string(key), std::string(value));
  if (CountEntries(next) > kKvEntriesMax) {
    return Status(Status::Code::kFull, Concat("more than ", kKvEntriesMax, " keys"));
  }
  return Replace(std::move(next));
}

Status KvTable::Delete(std::string_view ns, std::string_view key) {
  MutexLock lock(write_mutex_);
  Table next = Copy();
  const auto entries = next.find(std::string(ns));
  if (entries == next.end() || entries->second.erase(std::string(key)) == 0) return {};
  return Replace(std::move(next));
}

std::optional<std::string> KvTable::Get(std::string_view ns, std::string_view key) const {
  ReaderLock lock(mutex_);
  const auto entries = table_.find(std::string(ns));
  if (entries == table_.end()) return std::nullopt;
  const auto at = entries->second.find(std::string(key));
  if (at == entries->second.end()) return std::nullopt;
  return at->second;
}

std::optional<KvTable::Namespace> KvTable::List(std::string_view ns) const {
  ReaderLock lock(mutex_);
  const auto entries = table_.find(std::string(ns));
  if (entries == table_.end()) return std::nullopt;
  return entries->second;
}

KvTable::Table KvTable::Copy() const {
  ReaderLock lock(mutex_);
  return table_;
}

Status KvTable::Replace(Table next) {
  const std::string directory = std::filesystem::path(path_).parent_path();
  if (!directory.empty()) COMET_TRY(fs_.MakeDirectories(directory));
  wire::KvConfigFile file{std::move(next)};
  COMET_TRY(WriteFileAtomically(fs_, path_, ToJson(file)));
  WriterLock lock(mutex_);
  table_ = std::move(file.namespaces);
  return {};
}

}  // namespace comet::namesrv
