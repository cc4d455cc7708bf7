#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "store/index_file.h"

namespace comet::store {

struct KeyIndexOptions {
  std::string directory;              // <root>/index
  std::int32_t slots = 5'000'000;     // maxHashSlotNum
  std::int32_t entries = 20'000'000;  // maxIndexNum
  // The store was not closed in order: slots and counters of the newest file are made again.
  bool after_crash = false;
};

struct KeyMatches {
  std::vector<std::int64_t> log_offsets;  // newest first; hashes collide: compare the real keys
  std::int64_t last_store_ms = 0;         // what the newest index file covers
  std::int64_t last_log_offset = 0;
};

// Finds messages by key: a sequence of RocketMQ's hash files, newest last. Derived from the log.
// Entries are written through; the hash slots are kept in memory, page by page as they are
// touched, and written when the file is full or the store closes. An untouched index costs neither
// memory nor disk.
//
// Append: dispatch thread. Find: any thread. Flush, DropBefore: worker. TruncateAfter: recovery.
class KeyIndex {
 public:
  static StatusOr<std::unique_ptr<KeyIndex>> Open(FileSystem& fs, Clock& clock,
                                                  KeyIndexOptions options);
  ~KeyIndex();

  // All keys of a message must come in one call. Keys of messages before indexed_to() are
  // ignored, so replaying the log is harmless. After an error, call again with the same keys.
  Status Append(std::span<const IndexedKey> keys);

  // Messages of `topic` filed under `key` with a store time in [begin_ms, end_ms]; at most `max`.
  StatusOr<KeyMatches> Find(std::string_view topic, std::string_view key, std::int64_t begin_ms,
                            std::int64_t end_ms, std::size_t max) const;

  // Log offset and store time of the last message that has all its keys in the files; -1 and 0
  // when the index is empty. When the time is before the checkpoint's, the index has lost
  // something: dispatch the log again from that offset on.
  std::int64_t indexed_to() const { return indexed_to_.load(std::memory_order_acquire); }
  std::int64_t indexed_to_ms() const { return indexed_to_ms_.load(std::memory_order_acquire); }
  std::size_t files() const EXCLUDES(mutex_);
  std::size_t damaged_files() const { return damaged_; }  // removed when opening

  // Everything appended before the call reaches the device, so that a start finds it. Files that
  // are not full stay without their slots unless `whole`: another program finds nothing by those.
  Status Flush(bool whole);
  // Store time of the last message that files which are complete on the device have.
  std::int64_t whole_to_ms() const { return whole_to_ms_.load(std::memory_order_acquire); }
  // Forgets messages at or behind `log_offset`: their files are cut or removed.
  Status TruncateAfter(std::int64_t log_offset);
  Status DropBefore(std::int64_t log_offset);  // never the newest file

 private:
  KeyIndex(FileSystem& fs, Clock& clock, KeyIndexOptions options);
  Status Load();
  StatusOr<std::shared_ptr<IndexFile>> LoadFile(const std::string& path, bool newest);
  Status CountLast(const IndexFile& file);
  std::size_t CountOld(std::span<const IndexedKey> keys) const;
  StatusOr<std::shared_ptr<IndexFile>> FileToFill(bool any);
  std::vector<std::shared_ptr<IndexFile>> Snapshot() const EXCLUDES(mutex_);

  FileSystem& fs_;
  Clock& clock_;
  const KeyIndexOptions options_;
  std::size_t damaged_ = 0;
  std::int64_t verify_budget_ = 256 << 20;  // bytes of files that are checked when opening

  // Dispatch thread only: the last message taken in, and how many of its keys.
  std::int64_t last_log_offset_ = -1, last_ms_ = 0;
  int last_keys_ = 0;
  std::atomic<std::int64_t> indexed_to_ = -1, indexed_to_ms_ = 0, whole_to_ms_ = 0;

  mutable Mutex mutex_;
  std::vector<std::shared_ptr<IndexFile>> files_ GUARDED_BY(mutex_);
  bool names_dirty_ GUARDED_BY(mutex_) = false;
};

}  // namespace comet::store
