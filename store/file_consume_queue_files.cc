// The files of a consume queue: making, writing, reading, cutting, removing them.

#include <algorithm>
#include <array>
#include <cstdio>

#include "store/file_consume_queue.h"
#include "store/queue_units.h"

namespace comet::store {
namespace {

std::string ParentOf(const std::string& path) {
  return path.substr(0, path.find_last_of('/'));
}

}  // namespace

std::string FileConsumeQueue::PathOf(std::int64_t file_number) const {
  std::array<char, 24> name;
  const int length = std::snprintf(name.data(), name.size(), "/%020lld",
                                   static_cast<long long>(file_number * file_bytes_));
  return directory_ + std::string(name.data(), static_cast<std::size_t>(length));
}

std::int64_t FileConsumeQueue::first_index() const {
  MutexLock lock(mutex_);
  return first_file_ * units_per_file();
}

FileConsumeQueue::FilePtr FileConsumeQueue::FileOf(std::int64_t index) const {
  const std::int64_t number = index / units_per_file();
  MutexLock lock(mutex_);
  const std::int64_t at = number - first_file_;
  if (at < 0 || at >= std::ssize(files_)) return nullptr;
  return files_[static_cast<std::size_t>(at)];
}

// The file that holds `index`, made if it is the next one.
StatusOr<FileConsumeQueue::FilePtr> FileConsumeQueue::FileForWrite(std::int64_t index) {
  FilePtr file = FileOf(index);
  if (file == nullptr) {
    file = std::make_shared<LazyFile>(open_files_, PathOf(index / units_per_file()));
    COMET_ASSIGN(const auto opened, file->Acquire(FileSystem::Mode::kOpenOrCreate));
    COMET_ASSIGN(const auto size, opened->Size());
    if (size != 0) COMET_TRY(opened->Truncate(0));  // of an earlier life
    COMET_TRY(opened->Truncate(static_cast<std::uint64_t>(file_bytes_)));
    MutexLock lock(mutex_);
    if (files_.empty()) first_file_ = index / units_per_file();
    COMET_CHECK_EQ(first_file_ + std::ssize(files_), index / units_per_file());
    files_.push_back(file);
    names_dirty_ = true;
  }
  MutexLock lock(mutex_);
  if (std::find(dirty_.begin(), dirty_.end(), file) == dirty_.end()) dirty_.push_back(file);
  return file;
}

// Makes the file for the first entry of an empty queue. What lies before the entry in that file
// gets fillers, as Apache's broker has it.
Status FileConsumeQueue::StartFirstFile(std::int64_t index) {
  COMET_TRY(RemoveFiles());  // what a former try, or an emptied queue, has left
  COMET_TRY(open_files_.fs().MakeDirectory(ParentOf(directory_)));
  COMET_TRY(open_files_.fs().MakeDirectory(directory_));
  std::string fillers;
  std::array<char, kQueueEntryBytes> unit;
  EncodeUnit({0, QueueEntry::kFillerSize, 0}, unit.data());
  const std::int64_t start = index - index % units_per_file();
  for (std::int64_t at = start; at < index; ++at) fillers.append(unit.data(), unit.size());
  return WriteUnits(start, fillers);
}

Status FileConsumeQueue::WriteUnits(std::int64_t index, Slice units) {
  while (!units.empty()) {
    const std::int64_t at = index % units_per_file();
    const auto count =
        std::min<std::int64_t>(std::ssize(units) / kQueueEntryBytes, units_per_file() - at);
    const auto bytes = static_cast<std::size_t>(count * kQueueEntryBytes);
    COMET_ASSIGN(const auto lazy, FileForWrite(index));
    COMET_ASSIGN(const auto file, lazy->Acquire());
    const Slice part = units.substr(0, bytes);
    COMET_TRY(file->WriteAt(static_cast<std::uint64_t>(at * kQueueEntryBytes), {&part, 1}));
    units.remove_prefix(bytes);
    index += count;
  }
  return {};
}

// As many whole entries as fit and the file has; crosses no file end. Not finding any is an error.
StatusOr<std::size_t> FileConsumeQueue::ReadUnits(std::int64_t index, std::span<char> into) const {
  const FilePtr lazy = FileOf(index);
  if (lazy == nullptr) {
    return Status(Status::Code::kNotFound,
                  directory_ + ": no file for entry " + std::to_string(index));
  }
  const std::int64_t at = index % units_per_file();
  const auto bytes =
      std::min(into.size(), static_cast<std::size_t>(file_bytes_ - at * kQueueEntryBytes));
  COMET_ASSIGN(const auto file, lazy->Acquire());
  COMET_ASSIGN(const auto got,
               file->ReadAt(static_cast<std::uint64_t>(at * kQueueEntryBytes), into.first(bytes)));
  if (got < kQueueEntryBytes) {
    return Status(Status::Code::kCorruption,
                  lazy->path() + " is too short for entry " + std::to_string(index));
  }
  return got - got % kQueueEntryBytes;
}

StatusOr<QueueEntry> FileConsumeQueue::ReadUnit(std::int64_t index) const {
  std::array<char, kQueueEntryBytes> unit;
  COMET_ASSIGN([[maybe_unused]] const auto got, ReadUnits(index, unit));
  return DecodeUnit(unit.data());
}

// Leaves zeros from `index` on.
Status FileConsumeQueue::CutAt(std::int64_t index) {
  const std::int64_t number = index / units_per_file();
  for (;;) {
    std::size_t count = 0;
    bool behind = false;
    {
      MutexLock lock(mutex_);
      count = files_.size();
      behind = first_file_ + std::ssize(files_) - 1 > number;
    }
    if (count == 0) return {};
    if (!behind) break;
    COMET_TRY(RemoveFile(count - 1));
  }
  const FilePtr lazy = FileOf(index);
  if (lazy == nullptr) return {};
  COMET_ASSIGN(const auto file, lazy->Acquire());
  COMET_TRY(
      file->Truncate(static_cast<std::uint64_t>(index % units_per_file() * kQueueEntryBytes)));
  COMET_TRY(file->Truncate(static_cast<std::uint64_t>(file_bytes_)));
  MutexLock lock(mutex_);
  names_dirty_ = true;  // a file that was cut may never have been synced at all
  if (std::find(dirty_.begin(), dirty_.end(), lazy) == dirty_.end()) dirty_.push_back(lazy);
  return {};
}

Status FileConsumeQueue::RemoveFile(std::size_t at) {
  FilePtr file;
  {
    MutexLock lock(mutex_);
    if (at >= files_.size()) return {};  // the queue was deleted meanwhile
    file = files_[at];
    files_.erase(files_.begin() + static_cast<std::ptrdiff_t>(at));
    if (at == 0) ++first_file_;
    std::erase(dirty_, file);
    std::erase(syncing_, file);
    names_dirty_ = true;
  }
  file->Close();
  return open_files_.fs().Remove(file->path());
}

std::size_t FileConsumeQueue::BeginSync() {
  MutexLock lock(mutex_);
  syncing_ = std::exchange(dirty_, {});
  names_syncing_ = std::exchange(names_dirty_, false);
  return syncing_.size() + (names_syncing_ ? 2U : 0U);
}

Status FileConsumeQueue::SyncFile(LazyFile& lazy) {
  COMET_ASSIGN(const auto file, lazy.Acquire());
  return file->Sync();
}

// Files that are removed meanwhile need no sync any more.
Status FileConsumeQueue::SyncBegun() {
  std::vector<FilePtr> files;
  bool names = false;
  {
    MutexLock lock(mutex_);
    files = syncing_;
    names = names_syncing_;
  }
  for (const FilePtr& lazy : files) {
    Status synced = SyncFile(*lazy);
    MutexLock lock(mutex_);
    const bool removed = std::find(syncing_.begin(), syncing_.end(), lazy) == syncing_.end();
    if (!synced.ok() && !removed) return synced;
  }
  if (!names) return {};
  Status synced = open_files_.fs().SyncDirectory(directory_);
  if (synced.ok()) synced = open_files_.fs().SyncDirectory(ParentOf(directory_));
  MutexLock lock(mutex_);
  return names_syncing_ ? std::move(synced) : Status();  // deleted meanwhile
}

void FileConsumeQueue::EndSync(bool synced) {
  MutexLock lock(mutex_);
  if (!synced) {
    dirty_.insert(dirty_.end(), syncing_.begin(), syncing_.end());
    names_dirty_ = names_dirty_ || names_syncing_;
  }
  syncing_.clear();
  names_syncing_ = false;
}

// What was added and not published goes too: it is of the same topic.
Status FileConsumeQueue::Delete(std::int64_t log_offset) {
  pending_.clear();
  patches_.clear();
  doubtful_.clear();
  known_to_ = pending_log_end_ = 0;
  restart_ = tail_unknown_ = false;
  IgnoreBefore(log_offset);
  return RemoveFiles();
}

Status FileConsumeQueue::RemoveFiles() {
  end_.store(0, std::memory_order_seq_cst);
  begin_.store(0, std::memory_order_release);
  for (;;) {
    std::size_t count = 0;
    {
      MutexLock lock(mutex_);
      count = files_.size();
      if (count == 0) names_dirty_ = false;  // the directory may go too
    }
    if (count == 0) break;
    COMET_TRY(RemoveFile(count - 1));
  }
  MutexLock lock(mutex_);
  names_dirty_ = names_syncing_ = false;
  return {};
}

}  // namespace comet::store
