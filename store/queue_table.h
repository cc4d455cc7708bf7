#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "store/deleted_topics.h"
#include "store/file_consume_queue.h"
#include "store/open_files.h"
#include "store/queue_slot.h"

namespace comet::store {

struct QueueTableOptions {
  std::string directory;                // <root>/consumequeue
  std::int64_t file_bytes = 6'000'000;  // mappedFileSizeConsumeQueue, a multiple of 20
  // Descriptors of queue files; 0: a quarter of what the process may open, at most 4096.
  std::size_t open_files_max = 0;
  // Entries of records below this log offset were synced. Only matters after a crash: they are
  // believed when there are too many to check each.
  bool after_crash = false;
  std::int64_t trusted_to = 0;
  std::int64_t verify_bytes_max = 512 << 20;  // read and checked entry by entry when opening
  // Called once, before opening removes or cuts what is damaged: from then on it is missing.
  std::function<Status()> before_repair = nullptr;
};

// What opening found out about the queues on disk.
struct QueuesOnDisk {
  std::size_t queues = 0;
  std::int64_t log_end = 0;  // end of the last record that any queue knows
  std::size_t damaged = 0;   // queues that were cut at a damage, or are missing
  // Log offset from which the log must be dispatched again because of them (it may lie before the
  // log's begin); -1: no need.
  std::int64_t rebuild_from = -1;
};

// All queues by topic and id. Slots are made on first use and live as long as the table.
//
// Find: any thread, without a lock or an allocation. FindOrCreate: any thread. Open: before all
// else. The rest says so.
class QueueTable {
 public:
  // Longest time in this class: reading the directory, about 30 µs a queue.
  static StatusOr<std::unique_ptr<QueueTable>> Open(FileSystem& fs, QueueTableOptions options);
  ~QueueTable();

  QueueSlot* Find(std::string_view topic, std::int32_t id) const;  // null if there is none
  // The caller has checked that the topic exists and the id is in its range; a negative id or a
  // topic that is no file name is a program error.
  QueueSlot* FindOrCreate(std::string_view topic, std::int32_t id);

  // Visits every slot that exists at the call.
  void ForEach(const std::function<void(QueueSlot&)>& visit) const;
  std::size_t size() const;

  const QueuesOnDisk& on_disk() const { return on_disk_; }

  // Recovery, before the appender and the dispatcher start. First cut to the log's end, which adds
  // to on_disk(); then dispatch from rebuild_from, if it says so. `keep_numbers`: messages are lost
  // that were flushed once, so that no offset that a queue has now may be given again. SaveEnds is
  // done before anything is cut, for a crash may come behind that.
  Status TruncateAfter(std::int64_t log_offset, bool keep_numbers = false);
  // Forgets what is to be dispatched again anyway; adds nothing to on_disk().
  Status ForgetAfter(std::int64_t log_offset);
  // Every slot's next_offset becomes its queue's end, or the end it is remembered to have had: an
  // offset that a consumer has seen is not given away again, even if its message was lost.
  void InitNextOffsets();

  // Worker. DropBefore follows the log's begin, goes on with the other queues after an error and
  // returns the first.
  Status DropBefore(std::int64_t log_offset);
  Status Sync();
  // Remembers in `<directory>_ends` where every queue ends (Sync first), so that the next start
  // notices a queue that is missing or shorter.
  Status SaveEnds();

  // Deletes the queues of topics, in two steps: first, on the appender's thread, their next offsets
  // become 0; then, on the dispatch thread, queues and files go, and what lies below `log_offset`,
  // the log's end at the first step, never comes back into a queue of such a name. An error leaves
  // a part of the files; trying again is harmless.
  void RestartOffsets(std::span<const std::string> topics);
  Status DeleteTopics(std::span<const std::string> topics, std::int64_t log_offset);

 private:
  struct Index;  // open-addressing table of slots; replaced when it grows

  QueueTable(FileSystem& fs, QueueTableOptions options);
  Status Load();
  Status LoadTopic(const std::string& topic, QueueTrust* trust);
  Status CheckEnds();
  void CheckEnd(std::string_view topic, std::int32_t id, std::int64_t end);
  void Damaged(std::int64_t rebuild_from);
  Status ForgetEnds(std::span<const std::string> topics);
  Status DeleteDirectories(std::string_view topic, std::span<QueueSlot* const> slots);
  std::string ends_path() const { return options_.directory + "_ends"; }
  std::vector<QueueSlot*> Snapshot() const EXCLUDES(mutex_);
  QueueSlot* Insert(std::string_view topic, std::int32_t id) REQUIRES(mutex_);
  void Grow() REQUIRES(mutex_);

  FileSystem& fs_;
  const QueueTableOptions options_;
  OpenFiles open_files_;
  QueuesOnDisk on_disk_;
  DeletedTopics deleted_;

  mutable Mutex mutex_;
  std::set<std::string, std::less<>> topics_ GUARDED_BY(mutex_);
  std::deque<QueueSlot> slots_ GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Index>> indexes_ GUARDED_BY(mutex_);  // the last one is current
  std::atomic<const Index*> index_ = nullptr;
};

}  // namespace comet::store
