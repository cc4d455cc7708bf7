#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "store/open_files.h"
#include "store/queue_slot.h"

namespace comet::store {

struct QueueTableOptions {
  std::string directory;                      // <root>/consumequeue
  std::int64_t file_bytes = 6'000'000;        // mappedFileSizeConsumeQueue, a multiple of 20
  std::size_t open_files_max = 4096;          // descriptors of queue files
  std::int64_t verify_bytes_max = 512 << 20;  // read and checked entry by entry when opening
};

// What opening found out about the queues on disk.
struct QueuesOnDisk {
  std::size_t queues = 0;
  std::int64_t log_end = 0;        // end of the last record that any queue knows
  std::size_t damaged = 0;         // queues that were cut at a damage, or are missing
  std::int64_t rebuild_from = -1;  // log offset from which the log must be dispatched again
                                   // because of them; -1: no need
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

  // Recovery, before the appender and the dispatcher start.
  Status TruncateAfter(std::int64_t log_offset);
  void InitNextOffsets();  // every slot's next_offset becomes its queue's end

  // Worker. DropBefore follows the log's begin; both go on with the other queues after an error
  // and return the first.
  Status DropBefore(std::int64_t log_offset);
  Status Sync();
  // Remembers begin and end of every queue in <directory>/../queue_ends (Sync first), so that the
  // next start notices a queue that is missing or shorter.
  Status SaveEnds();

  // Deletes a topic's queues; sends and reads of them must have been refused before.
  Status DeleteTopic(std::string_view topic);

 private:
  struct Index;  // open-addressing table of slots; replaced when it grows

  QueueTable(FileSystem& fs, QueueTableOptions options);
  Status Load();
  Status LoadQueue(std::string_view topic, std::int32_t id, std::int64_t* budget_bytes);
  Status CheckEnds();
  QueueSlot* Insert(std::string_view topic, std::int32_t id) REQUIRES(mutex_);
  std::string_view Intern(std::string_view topic) REQUIRES(mutex_);

  FileSystem& fs_;
  const QueueTableOptions options_;
  OpenFiles open_files_;
  QueuesOnDisk on_disk_;
  mutable Mutex mutex_;
  std::unordered_set<std::string> topics_ GUARDED_BY(mutex_);
  std::deque<QueueSlot> slots_ GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Index>> indexes_ GUARDED_BY(mutex_);  // the last one is current
  std::atomic<const Index*> index_ = nullptr;
};

}  // namespace comet::store
