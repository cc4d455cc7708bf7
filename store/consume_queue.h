#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "remoting/base/status.h"
#include "remoting/base/status_or.h"

namespace comet::store {

// One entry: where a message of this queue lies in the log. 20 bytes on disk.
struct QueueEntry {
  std::int64_t log_offset = 0;
  std::int32_t size = 0;       // of the record
  std::int64_t tags_code = 0;  // Java hash of the tag; the time of delivery in the delay topic

  // An index without a message: its record was damaged, or lies before the queue's first one.
  bool filler() const { return log_offset == 0 && size == kFillerSize; }
  static constexpr std::int32_t kFillerSize = 0x7fffffff;

  friend bool operator==(const QueueEntry&, const QueueEntry&) = default;
};

inline constexpr std::int64_t kQueueEntryBytes = 20;

// The index of one queue: entry n describes the message with queue offset n. Derived data: every
// entry can be made again from the log, so nothing here is synced on the path of a send.
//
// Add, Publish: dispatch thread, and recovery before it starts. IgnoreBefore, TruncateAfter,
// Delete: while no other thread adds. Everything else: any thread.
class ConsumeQueue {
 public:
  virtual ~ConsumeQueue() = default;

  // Collects an entry; nobody sees it before Publish. An entry of a record that is indexed
  // already is ignored, so replaying the log is harmless; indexes that were skipped become
  // fillers. Index 0 behind a longer queue means that the topic was deleted and made anew: the
  // queue starts again.
  virtual void Add(std::int64_t index, const QueueEntry& entry) = 0;
  // Writes what was added, then shows it to readers. After an error nothing is visible and what
  // was added stays; calling again tries again.
  virtual Status Publish() = 0;

  // Entries from `index` on, as many as fit and are visible. Damage (an entry that cannot be) is
  // kCorruption.
  virtual StatusOr<std::size_t> Get(std::int64_t index, std::span<QueueEntry> into) const = 0;

  virtual std::int64_t begin() const = 0;  // the first index that still has its message
  virtual std::int64_t end() const = 0;    // the first index not yet visible; seq_cst
  // End of the last indexed record in the log; if there is none, where IgnoreBefore says, or 0.
  virtual std::int64_t log_end() const = 0;

  // Records that start below `log_offset` are of a topic that was deleted: Add takes none of them.
  virtual void IgnoreBefore(std::int64_t log_offset) = 0;

  // Forgets entries of records that start at or behind `log_offset`, and leaves zeros in their
  // place so that nothing stale can be taken for an entry later.
  virtual Status TruncateAfter(std::int64_t log_offset) = 0;
  // Raises begin() to the first entry at or behind `log_offset`, the log's new begin, and removes
  // files that hold nothing else than older entries.
  virtual Status DropBefore(std::int64_t log_offset) = 0;

  // Brings what was published before BeginSync to the device, in parts so that very many queues
  // can share one call of the system: BeginSync tells how many syncs it would take, SyncBegun does
  // them, EndSync says whether they, or the one for all, succeeded. One thread at a time.
  virtual std::size_t BeginSync() = 0;
  virtual Status SyncBegun() = 0;
  virtual void EndSync(bool synced) = 0;

  // IgnoreBefore, and removes the files. The queue is empty then, its next index unknown.
  virtual Status Delete(std::int64_t log_offset) = 0;
};

}  // namespace comet::store
