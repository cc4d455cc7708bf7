#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "store/index_slots.h"

namespace comet::store {

// One key of one message.
struct IndexedKey {
  std::int32_t hash = 0;  // IndexKeyHash
  std::int64_t log_offset = 0;
  std::int64_t store_ms = 0;
};

// The first 40 bytes of an index file, big-endian, in this order.
struct IndexHeader {
  static constexpr std::int64_t kBytes = 40;
  std::int64_t begin_ms = 0, end_ms = 0;
  std::int64_t begin_log_offset = 0, end_log_offset = 0;
  std::int32_t used_slots = 0;
  std::int32_t count = 1;  // number of the next entry; entry 0 is never used

  void Encode(char* to) const;
  static IndexHeader Decode(const char* from);
};

// 20 bytes: one key of one message.
struct IndexEntry {
  static constexpr std::int64_t kBytes = 20;
  std::int32_t hash = 0;
  std::int64_t log_offset = 0;
  std::int32_t seconds = 0;   // store time, from the header's begin_ms on
  std::int32_t previous = 0;  // number of the next older entry of the same slot; 0 ends the chain

  void Encode(char* to) const;
  static IndexEntry Decode(const char* from);
};

// One hash file: header, slots, entries. Put, WriteThrough: one thread. Find: any thread. Flush:
// another single thread. The rest: before all those.
class IndexFile {
 public:
  struct Shape {
    std::int32_t slots = 0, entries = 0;
    std::int64_t bytes() const {
      return IndexHeader::kBytes + std::int64_t{slots} * 4 +
             std::int64_t{entries} * IndexEntry::kBytes;
    }
  };

  // A new, sparse file; its header begins where that of the file before it ends.
  static StatusOr<std::shared_ptr<IndexFile>> Create(FileSystem& fs, std::string path, Shape shape,
                                                     const IndexHeader& previous);
  // kCorruption when size or header cannot be.
  static StatusOr<std::shared_ptr<IndexFile>> Open(FileSystem& fs, std::string path, Shape shape);

  // Reads every entry. kCorruption when one cannot be, or when the slots on disk are not what
  // the entries make them.
  Status Verify();
  // Makes the slots, and the counters that follow from the entries, again.
  Status RebuildSlots() EXCLUDES(mutex_);
  // Forgets entries of records at or behind `log_offset`; rebuilds the slots if there were any.
  Status TruncateAfter(std::int64_t log_offset) EXCLUDES(mutex_);

  bool full() const EXCLUDES(mutex_);
  IndexHeader header() const EXCLUDES(mutex_);
  const std::string& path() const { return path_; }

  // Collects entries in memory, as many as there is room for, and returns their number. Pages of
  // slots may have to be read.
  StatusOr<std::size_t> Put(std::span<const IndexedKey> keys) EXCLUDES(mutex_);
  Status WriteThrough() EXCLUDES(mutex_);  // entries; an error leaves them to the next call

  // Appends the log offsets of at most `max` entries of that hash whose store time may lie in
  // [begin_ms, end_ms], newest first.
  Status Find(std::int32_t hash, std::int64_t begin_ms, std::int64_t end_ms, std::size_t max,
              std::vector<std::int64_t>* found) const EXCLUDES(mutex_);
  // The entry with that number, 1 <= number < header().count.
  StatusOr<IndexEntry> Entry(std::int32_t number) const;

  // Entries, and then the header that counts them, reach the device. So do the slots when the file
  // is full, or when `with_slots`: a start after a crash makes those of a file that is not full
  // again, and written every second they would be most of what the store writes.
  Status Flush(bool with_slots) EXCLUDES(mutex_);

 private:
  IndexFile(std::string path, Shape shape, std::unique_ptr<File> file);
  std::uint64_t EntryPosition(std::int32_t number) const;
  Status ForEachEntry(std::int32_t count,
                      const std::function<Status(std::int32_t, const IndexEntry&)>& visit) const;
  Status FillSlots(std::int32_t count, bool strict, IndexSlots* slots, IndexHeader* header) const;
  IndexEntry Take(const IndexedKey& key, std::int32_t* place) REQUIRES(mutex_);
  Status WriteThroughLocked() REQUIRES(mutex_);
  Status WriteSlots() EXCLUDES(mutex_);
  Status WriteHeader(IndexHeader header, bool whole);

  const std::string path_;
  const Shape shape_;
  const std::unique_ptr<File> file_;

  mutable Mutex mutex_;
  IndexHeader header_ GUARDED_BY(mutex_);
  mutable IndexSlots slots_ GUARDED_BY(mutex_);
  std::string pending_ GUARDED_BY(mutex_);  // encoded entries not yet in the file
  bool header_dirty_ GUARDED_BY(mutex_) = false;
  bool slots_dirty_ GUARDED_BY(mutex_) = false;
};

}  // namespace comet::store
