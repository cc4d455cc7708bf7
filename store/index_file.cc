#include "store/index_file.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "remoting/base/bytes.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::store {
namespace {

constexpr std::size_t kChunkEntries = 3276;  // 64 KiB
constexpr std::size_t kBlockKeys = 32;

Status Damaged(const std::string& path, std::string_view what) {
  return {Status::Code::kCorruption, Concat(path, ": ", what)};
}

std::int32_t SecondsSince(std::int64_t begin_ms, std::int64_t store_ms) {
  if (begin_ms <= 0) return 0;
  const std::int64_t seconds = (store_ms - begin_ms) / 1000;
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(seconds, 0, std::numeric_limits<std::int32_t>::max()));
}

}  // namespace

void IndexHeader::Encode(char* to) const {
  PutI64(to, begin_ms);
  PutI64(to + 8, end_ms);
  PutI64(to + 16, begin_log_offset);
  PutI64(to + 24, end_log_offset);
  PutI32(to + 32, used_slots);
  PutI32(to + 36, count);
}

IndexHeader IndexHeader::Decode(const char* from) {
  return {GetI64(from),      GetI64(from + 8),  GetI64(from + 16),
          GetI64(from + 24), GetI32(from + 32), GetI32(from + 36)};
}

void IndexEntry::Encode(char* to) const {
  PutI32(to, hash);
  PutI64(to + 4, log_offset);
  PutI32(to + 12, seconds);
  PutI32(to + 16, previous);
}

IndexEntry IndexEntry::Decode(const char* from) {
  return {GetI32(from), GetI64(from + 4), GetI32(from + 12), GetI32(from + 16)};
}

IndexFile::IndexFile(std::string path, Shape shape, std::unique_ptr<File> file)
    : path_(std::move(path)),
      shape_(shape),
      file_(std::move(file)),
      slots_(file_.get(), IndexHeader::kBytes, shape.slots) {}

StatusOr<std::shared_ptr<IndexFile>> IndexFile::Create(FileSystem& fs, std::string path,
                                                       Shape shape, const IndexHeader& previous) {
  COMET_ASSIGN(auto file, fs.Open(path, FileSystem::Mode::kCreate));
  std::shared_ptr<IndexFile> index(new IndexFile(std::move(path), shape, std::move(file)));
  MutexLock lock(index->mutex_);
  index->header_.begin_ms = index->header_.end_ms = previous.end_ms;
  index->header_.begin_log_offset = index->header_.end_log_offset = previous.end_log_offset;
  index->header_dirty_ = true;
  // At once: a header of zeros would tell Apache's broker that nothing is indexed.
  Status made = index->WriteHeader(index->header_, false);
  if (made.ok()) made = index->file_->Truncate(static_cast<std::uint64_t>(shape.bytes()));
  if (made.ok()) return index;
  // Nobody knows of the file; the next try takes another name. What is left of it, a start removes.
  if (const Status removed = fs.Remove(index->path()); !removed.ok()) {
    LOG_WARN_LIMITED << "a file that could not be made stays behind: " << removed.ToString();
  }
  return made;
}

StatusOr<std::shared_ptr<IndexFile>> IndexFile::Open(FileSystem& fs, std::string path,
                                                     Shape shape) {
  COMET_ASSIGN(auto file, fs.Open(path, FileSystem::Mode::kOpen));
  COMET_ASSIGN(const auto size, file->Size());
  if (size != static_cast<std::uint64_t>(shape.bytes())) {
    return Damaged(path, Concat(size, " bytes long instead of ", shape.bytes()));
  }
  std::array<char, IndexHeader::kBytes> bytes;
  COMET_ASSIGN(const auto got, file->ReadAt(0, bytes));
  if (got != bytes.size()) return Damaged(path, "no header");
  IndexHeader header = IndexHeader::Decode(bytes.data());
  // Zeros: made and never flushed, by an earlier version or before the power went.
  header.count = std::max(header.count, 1);
  if (header.count > shape.entries || header.used_slots < 0 || header.used_slots > shape.slots) {
    return Damaged(path, "counters of the header are out of range");
  }
  std::shared_ptr<IndexFile> index(new IndexFile(std::move(path), shape, std::move(file)));
  MutexLock lock(index->mutex_);
  index->header_ = header;
  return index;
}

std::uint64_t IndexFile::EntryPosition(std::int32_t number) const {
  return static_cast<std::uint64_t>(IndexHeader::kBytes + std::int64_t{shape_.slots} * 4 +
                                    std::int64_t{number} * IndexEntry::kBytes);
}

Status IndexFile::ForEachEntry(
    std::int32_t count, const std::function<Status(std::int32_t, const IndexEntry&)>& visit) const {
  std::vector<char> chunk(kChunkEntries * IndexEntry::kBytes);
  for (std::int32_t number = 1; number < count;) {
    const auto want =
        std::min(chunk.size(), static_cast<std::size_t>(count - number) * IndexEntry::kBytes);
    COMET_ASSIGN(const auto got,
                 file_->ReadAt(EntryPosition(number), std::span(chunk).first(want)));
    if (got != want) return Damaged(path_, "entries are missing");
    for (std::size_t at = 0; at < got; at += IndexEntry::kBytes, ++number) {
      COMET_TRY(visit(number, IndexEntry::Decode(chunk.data() + at)));
    }
  }
  return {};
}

// Slots and the counters that follow, from the entries below `count`.
Status IndexFile::FillSlots(std::int32_t count, bool strict, IndexSlots* slots,
                            IndexHeader* header) const {
  std::int64_t last_log_offset = 0;
  header->used_slots = 0;
  header->count = count;
  return ForEachEntry(count, [&](std::int32_t number, const IndexEntry& entry) -> Status {
    if (entry.hash < 0 || entry.log_offset < last_log_offset || entry.seconds < 0) {
      return Damaged(path_, Concat("entry ", number, " cannot be"));
    }
    const std::int32_t slot = entry.hash % shape_.slots;
    COMET_ASSIGN(std::int32_t* const place, slots->Place(slot));
    if (strict && entry.previous != *place) {
      return Damaged(path_, Concat("entry ", number, " breaks its chain"));
    }
    if (*place == 0) ++header->used_slots;
    *place = number;
    last_log_offset = entry.log_offset;
    header->end_log_offset = entry.log_offset;
    return {};
  });
}

Status IndexFile::Verify() {
  const IndexHeader written = header();
  IndexHeader counted = written;
  IndexSlots slots(nullptr, IndexHeader::kBytes, shape_.slots);
  COMET_TRY(FillSlots(written.count, true, &slots, &counted));
  COMET_ASSIGN(const auto different, slots.CompareWith(file_.get()));
  if (different != 0) return Damaged(path_, "the slots are not what the entries say");
  if (written.used_slots != counted.used_slots ||
      (written.count > 1 && written.end_log_offset != counted.end_log_offset)) {
    return Damaged(path_, "the header is not what the entries say");
  }
  return {};
}

Status IndexFile::RebuildSlots() {
  IndexHeader counted = header();
  IndexSlots slots(nullptr, IndexHeader::kBytes, shape_.slots);
  COMET_TRY(FillSlots(counted.count, true, &slots, &counted));
  COMET_ASSIGN([[maybe_unused]] const auto different, slots.CompareWith(file_.get()));
  slots.DropClean();
  MutexLock lock(mutex_);
  slots_ = std::move(slots);
  header_ = counted;
  header_dirty_ = slots_dirty_ = true;
  return {};
}

Status IndexFile::TruncateAfter(std::int64_t log_offset) {
  const IndexHeader before = header();
  std::int32_t low = 1, high = before.count;
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    COMET_ASSIGN(const auto entry, Entry(middle));
    if (entry.log_offset < log_offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == before.count) return {};
  {
    MutexLock lock(mutex_);
    header_.count = low;
  }
  COMET_TRY(RebuildSlots());
  if (low == 1) return {};
  COMET_ASSIGN(const auto last, Entry(low - 1));
  MutexLock lock(mutex_);
  header_.end_ms = std::min(header_.end_ms, header_.begin_ms + std::int64_t{last.seconds} * 1000);
  return {};
}

bool IndexFile::full() const {
  MutexLock lock(mutex_);
  return header_.count >= shape_.entries;
}

IndexHeader IndexFile::header() const {
  MutexLock lock(mutex_);
  return header_;
}

StatusOr<std::size_t> IndexFile::Put(std::span<const IndexedKey> keys) {
  MutexLock lock(mutex_);
  keys =
      keys.first(std::min(keys.size(), static_cast<std::size_t>(shape_.entries - header_.count)));
  std::array<std::int32_t*, kBlockKeys> places;
  std::array<char, kBlockKeys * IndexEntry::kBytes> encoded;
  for (std::size_t done = 0; done < keys.size();) {
    const auto block = keys.subspan(done, std::min(kBlockKeys, keys.size() - done));
    // The slots of many keys are fetched from memory at the same time.
    for (std::size_t n = 0; n < block.size(); ++n) {
      COMET_ASSIGN(places[n], slots_.Place(block[n].hash % shape_.slots));
      __builtin_prefetch(places[n], 1);
    }
    for (std::size_t n = 0; n < block.size(); ++n) {
      Take(block[n], places[n]).Encode(encoded.data() + n * IndexEntry::kBytes);
    }
    pending_.append(encoded.data(), block.size() * IndexEntry::kBytes);
    done += block.size();
  }
  header_dirty_ |= !keys.empty();
  slots_dirty_ |= !keys.empty();
  return keys.size();
}

// The next entry, entered in its slot and the header.
IndexEntry IndexFile::Take(const IndexedKey& key, std::int32_t* place) {
  const std::int32_t previous = *place > 0 && *place < header_.count ? *place : 0;
  *place = header_.count;
  // The first entry's time counts from where the file before ended, as in Apache's files.
  const IndexEntry entry{key.hash, key.log_offset, SecondsSince(header_.begin_ms, key.store_ms),
                         previous};
  if (header_.count == 1) {
    header_.begin_log_offset = key.log_offset;
    header_.begin_ms = key.store_ms;
  }
  if (previous == 0) ++header_.used_slots;
  ++header_.count;
  header_.end_log_offset = key.log_offset;
  header_.end_ms = key.store_ms;
  return entry;
}

Status IndexFile::WriteThrough() {
  MutexLock lock(mutex_);
  return WriteThroughLocked();
}

Status IndexFile::WriteThroughLocked() {
  if (pending_.empty()) return {};
  const auto entries = static_cast<std::int32_t>(std::ssize(pending_) / IndexEntry::kBytes);
  const Slice bytes = pending_;
  COMET_TRY(file_->WriteAt(EntryPosition(header_.count - entries), {&bytes, 1}));
  pending_.clear();
  return {};
}

StatusOr<IndexEntry> IndexFile::Entry(std::int32_t number) const {
  std::array<char, IndexEntry::kBytes> bytes;
  COMET_ASSIGN(const auto got, file_->ReadAt(EntryPosition(number), bytes));
  if (got != bytes.size()) return Damaged(path_, Concat("entry ", number, " is missing"));
  return IndexEntry::Decode(bytes.data());
}

Status IndexFile::Find(std::int32_t hash, std::int64_t begin_ms, std::int64_t end_ms,
                       std::size_t max, std::vector<std::int64_t>* found) const {
  std::int32_t number = 0;
  std::int64_t origin_ms = 0;
  {
    MutexLock lock(mutex_);
    COMET_ASSIGN(number, slots_.Get(hash % shape_.slots));
    const auto unwritten = static_cast<std::int32_t>(std::ssize(pending_) / IndexEntry::kBytes);
    origin_ms = header_.begin_ms;
    if (number >= header_.count) number = 0;
    while (number != 0 && number >= header_.count - unwritten) {
      const auto at = static_cast<std::size_t>(number - (header_.count - unwritten));
      number = IndexEntry::Decode(pending_.data() + at * IndexEntry::kBytes).previous;
    }
  }
  while (number > 0 && found->size() < max) {
    COMET_ASSIGN(const auto entry, Entry(number));
    // Whole seconds were kept, so the time is up to 999 ms later.
    const std::int64_t store_ms = origin_ms + std::int64_t{entry.seconds} * 1000;
    if (store_ms + 999 < begin_ms) break;  // and so are all older ones
    const bool again = !found->empty() && found->back() == entry.log_offset;
    if (entry.hash == hash && store_ms <= end_ms && !again) found->push_back(entry.log_offset);
    if (entry.previous >= number) return Damaged(path_, Concat("entry ", number, " loops"));
    number = entry.previous;
  }
  return {};
}

Status IndexFile::Flush(bool with_slots) {
  IndexHeader header;
  bool whole = false;
  {
    MutexLock lock(mutex_);
    with_slots = slots_dirty_ && (with_slots || header_.count >= shape_.entries);
    if (!header_dirty_ && !with_slots) return {};
    COMET_TRY(WriteThroughLocked());
    header = header_;
    header_dirty_ = false;
    if (with_slots) slots_dirty_ = false;
    whole = !slots_dirty_;
  }
  Status status;
  if (with_slots) status = WriteSlots();
  if (status.ok()) status = file_->Sync();
  if (status.ok()) status = WriteHeader(header, whole);
  if (status.ok()) status = file_->Sync();
  if (status.ok()) return {};
  MutexLock lock(mutex_);
  header_dirty_ = true;
  slots_dirty_ |= with_slots;
  return status;
}

Status IndexFile::WriteSlots() {
  std::size_t pages = 0;
  {
    MutexLock lock(mutex_);
    pages = slots_.pages();
  }
  for (std::size_t page = 0; page < pages; ++page) {
    std::string bytes;
    std::uint64_t position = 0;
    {
      MutexLock lock(mutex_);
      bytes = slots_.TakeDirty(page);
      position = slots_.PositionOf(page);
    }
    if (bytes.empty()) continue;
    const Slice part = bytes;
    Status status = file_->WriteAt(position, {&part, 1});
    if (status.ok()) continue;
    MutexLock lock(mutex_);
    slots_.MarkDirty(page);
    return status;
  }
  return {};
}

// After a crash Apache's broker keeps the files that end by the checkpoint's time, which is the end
// of the last whole one, and indexes what comes behind the newest it kept. One that is not whole
// ends a millisecond late on disk, so that it never passes for whole by ending in that millisecond.
Status IndexFile::WriteHeader(IndexHeader header, bool whole) {
  if (!whole) ++header.end_ms;
  std::array<char, IndexHeader::kBytes> bytes;
  header.Encode(bytes.data());
  const Slice part(bytes.data(), bytes.size());
  return file_->WriteAt(0, {&part, 1});
}

}  // namespace comet::store
