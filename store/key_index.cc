#include "store/key_index.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "store/index_file.h"
#include "store/key_hashes.h"

namespace comet::store {
namespace {

constexpr std::size_t kNameDigits = 17;

// yyyyMMddHHmmssSSS in local time, as Apache's broker names them.
std::string NameOf(WallMs ms) {
  const std::time_t seconds = ms / 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y%m%d%H%M%S", &local);
  std::string digits = std::to_string(1000 + ms % 1000);
  return std::string(text.data(), length) + digits.substr(1);
}

bool IsIndexName(const std::string& name) {
  return name.size() == kNameDigits && ParseNumber<std::int64_t>(name).has_value();
}

}  // namespace

KeyIndex::KeyIndex(FileSystem& fs, Clock& clock, KeyIndexOptions options)
    : fs_(fs), clock_(clock), options_(std::move(options)) {}

KeyIndex::~KeyIndex() = default;

StatusOr<std::unique_ptr<KeyIndex>> KeyIndex::Open(FileSystem& fs, Clock& clock,
                                                   KeyIndexOptions options) {
  if (options.slots < 1 || options.entries < 2) {
    return Status(Status::Code::kInvalid, "maxHashSlotNum must be at least 1, maxIndexNum 2");
  }
  std::unique_ptr<KeyIndex> index(new KeyIndex(fs, clock, std::move(options)));
  COMET_TRY(index->Load());
  return index;
}

// Files are believed in order; the first bad one goes, with all newer ones, and recovery makes
// them again from the log.
Status KeyIndex::Load() {
  auto names = fs_.List(options_.directory);
  if (!names.ok() && names.error().code() == Status::Code::kNotFound) return {};
  if (!names.ok()) return names.TakeError();
  std::erase_if(*names, [](const std::string& name) { return !IsIndexName(name); });
  std::vector<std::shared_ptr<IndexFile>> files;
  Status bad;
  for (const std::string& name : *names) {
    const std::string path = Concat(options_.directory, '/', name);
    if (bad.ok()) {
      auto file = LoadFile(path, name == names->back());
      if (file.ok()) {
        files.push_back(*file);
        // A crash came before the counters of this file were written.
        if (!(*file)->full()) bad = {Status::Code::kCorruption, "the file before is not full"};
        continue;
      }
      bad = file.TakeError();
      if (bad.code() != Status::Code::kCorruption) return bad;
    }
    {
      LOG_WARN << "removing " << path << ", to be made again from the log: " << bad.message();
      COMET_TRY(fs_.Remove(path));
      ++damaged_;
    }
  }
  for (auto file = files.rbegin(); file != files.rend() && last_log_offset_ < 0; ++file) {
    COMET_TRY(CountLast(**file));
  }
  MutexLock lock(mutex_);
  files_ = std::move(files);
  return {};
}

StatusOr<std::shared_ptr<IndexFile>> KeyIndex::LoadFile(const std::string& path, bool newest) {
  const IndexFile::Shape shape{options_.slots, options_.entries};
  COMET_ASSIGN(auto file, IndexFile::Open(fs_, path, shape));
  const std::int64_t bytes =
      std::int64_t{options_.slots} * 4 + std::int64_t{file->header().count} * IndexEntry::kBytes;
  if (options_.after_crash) {
    // A full file that was flushed does not change any more; others may have been half written.
    if (newest || !file->full() || bytes <= verify_budget_) COMET_TRY(file->RebuildSlots());
  } else if (bytes <= verify_budget_) {
    verify_budget_ -= bytes;
    COMET_TRY(file->Verify());
  }
  return file;
}

// The last message that the index has, and how many of its keys.
Status KeyIndex::CountLast(const IndexFile& file) {
  const IndexHeader header = file.header();
  for (std::int32_t number = header.count - 1; number >= 1; --number) {
    COMET_ASSIGN(const auto entry, file.Entry(number));
    if (last_log_offset_ >= 0 && entry.log_offset != last_log_offset_) break;
    last_log_offset_ = entry.log_offset;
    ++last_keys_;
  }
  if (last_log_offset_ >= 0) {
    indexed_to_.store(last_log_offset_);
    indexed_to_ms_.store(header.end_ms);
  }
  return {};
}

std::vector<std::shared_ptr<IndexFile>> KeyIndex::Snapshot() const {
  MutexLock lock(mutex_);
  return files_;
}

std::size_t KeyIndex::files() const {
  MutexLock lock(mutex_);
  return files_.size();
}

// The newest file, or a new one when that is full; with `any`, whichever is the newest, or null.
StatusOr<std::shared_ptr<IndexFile>> KeyIndex::FileToFill(bool any) {
  const auto files = Snapshot();
  if (!files.empty() && (any || !files.back()->full())) return files.back();
  if (any) return std::shared_ptr<IndexFile>();
  // The one before must have all its entries, whatever an earlier call has met.
  if (!files.empty()) COMET_TRY(files.back()->WriteThrough());
  COMET_TRY(fs_.MakeDirectories(options_.directory));
  std::string name = NameOf(clock_.WallNow());
  if (!files.empty()) {
    const std::string& path = files.back()->path();
    const std::string last = path.substr(path.size() - kNameDigits);
    if (name <= last) name = std::to_string(ParseNumber<std::int64_t>(last).value_or(0) + 1);
  }
  const IndexHeader previous = files.empty() ? IndexHeader{} : files.back()->header();
  COMET_ASSIGN(auto file, IndexFile::Create(fs_, Concat(options_.directory, '/', name),
                                            {options_.slots, options_.entries}, previous));
  MutexLock lock(mutex_);
  files_.push_back(file);
  names_dirty_ = true;
  return file;
}

// How many of the first keys are in the index: all of messages before the last one taken in, and
// as many of that one's as were.
std::size_t KeyIndex::CountOld(std::span<const IndexedKey> keys) const {
  std::size_t old = 0;
  while (old < keys.size() && keys[old].log_offset < last_log_offset_) ++old;
  for (int n = 0; n < last_keys_; ++n) {
    if (old < keys.size() && keys[old].log_offset == last_log_offset_) ++old;
  }
  return old;
}

Status KeyIndex::Append(std::span<const IndexedKey> keys) {
  COMET_ASSIGN(auto file, FileToFill(keys.empty()));
  for (auto rest = keys.subspan(CountOld(keys)); !rest.empty();) {
    COMET_ASSIGN(const std::size_t taken, file->Put(rest));
    for (const IndexedKey& key : rest.first(taken)) {
      last_keys_ = key.log_offset == last_log_offset_ ? last_keys_ + 1 : 1;
      last_log_offset_ = key.log_offset;
      last_ms_ = key.store_ms;
    }
    rest = rest.subspan(taken);
    if (rest.empty()) break;
    COMET_TRY(file->WriteThrough());
    COMET_ASSIGN(file, FileToFill(false));
  }
  if (file != nullptr) COMET_TRY(file->WriteThrough());
  if (last_ms_ != 0) {
    indexed_to_.store(last_log_offset_, std::memory_order_release);
    indexed_to_ms_.store(last_ms_, std::memory_order_release);
  }
  return {};
}

StatusOr<KeyMatches> KeyIndex::Find(std::string_view topic, std::string_view key,
                                    std::int64_t begin_ms, std::int64_t end_ms,
                                    std::size_t max) const {
  const std::int32_t hash = IndexKeyHash(topic, key);
  KeyMatches matches;
  const auto files = Snapshot();
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    const IndexHeader header = (*file)->header();
    if (file == files.rbegin()) {
      matches.last_store_ms = header.end_ms;
      matches.last_log_offset = header.end_log_offset;
    }
    if (matches.log_offsets.size() >= max) break;
    if (header.begin_ms > end_ms || header.count <= 1) continue;
    if (header.end_ms < begin_ms) break;
    COMET_TRY((*file)->Find(hash, begin_ms, end_ms, max, &matches.log_offsets));
  }
  return matches;
}

Status KeyIndex::Flush(bool whole) {
  bool names = false;
  {
    MutexLock lock(mutex_);
    names = std::exchange(names_dirty_, false);
  }
  Status status;
  auto whole_to_ms = whole_to_ms_.load(std::memory_order_relaxed);
  for (const auto& file : Snapshot()) {  // older ones first
    if (!status.ok()) break;
    const auto header = file->header();
    const bool complete = whole || file->full();
    status = file->Flush(whole);
    if (complete) whole_to_ms = std::max(whole_to_ms, header.end_ms);
  }
  if (status.ok() && names) status = fs_.SyncDirectory(options_.directory);
  if (!status.ok() && names) {
    MutexLock lock(mutex_);
    names_dirty_ = true;
  }
  if (status.ok()) whole_to_ms_.store(whole_to_ms, std::memory_order_release);
  return status;
}

Status KeyIndex::TruncateAfter(std::int64_t log_offset) {
  auto files = Snapshot();
  while (!files.empty()) {
    IndexFile& newest = *files.back();
    COMET_TRY(newest.TruncateAfter(log_offset));
    if (newest.header().count > 1) break;
    COMET_TRY(fs_.Remove(newest.path()));
    files.pop_back();
  }
  last_log_offset_ = -1;
  last_keys_ = 0;
  indexed_to_.store(-1);
  indexed_to_ms_.store(0);
  for (auto file = files.rbegin(); file != files.rend() && last_log_offset_ < 0; ++file) {
    COMET_TRY(CountLast(**file));
  }
  MutexLock lock(mutex_);
  names_dirty_ |= files.size() < files_.size();
  files_ = std::move(files);
  return {};
}

Status KeyIndex::DropBefore(std::int64_t log_offset) {
  for (;;) {
    std::shared_ptr<IndexFile> oldest;
    {
      MutexLock lock(mutex_);
      if (files_.size() < 2 || files_.front()->header().end_log_offset >= log_offset) return {};
      oldest = files_.front();
      files_.erase(files_.begin());
    }
    COMET_TRY(fs_.Remove(oldest->path()));
  }
}

}  // namespace comet::store
