#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "remoting/base/mutex.h"
#include "store/meta/meta_store.h"

namespace comet::broker {

using OffsetChange = store::meta::ConsumerOffset;

// Consumer offsets: what groups have committed, by topic and queue. Kept in memory; what changed
// is collected and written by whoever calls TakeDirty, every few seconds and at the stop. So a
// crash takes offsets back by that much, and the messages in between come again.
//
// Any thread; split into shards so that loops rarely meet.
class OffsetTable {
 public:
  // Queue ids are checked by the callers against the topic; this bounds what one entry may cost.
  static constexpr std::int32_t kQueueIdMax = store::meta::kQueueIdMax;

  static constexpr std::int64_t kNone = -1;

  void Commit(std::string_view group, std::string_view topic, std::int32_t queue_id,
              std::int64_t offset);
  // A commit that cannot take anything back.
  void Raise(std::string_view group, std::string_view topic, std::int32_t queue_id,
             std::int64_t offset);
  std::int64_t Query(std::string_view group, std::string_view topic, std::int32_t queue_id) const;

  // Where the group's last pull ended; in memory only, shown by statistics.
  void NotePull(std::string_view group, std::string_view topic, std::int32_t queue_id,
                std::int64_t offset);
  std::int64_t PullOffset(std::string_view group, std::string_view topic,
                          std::int32_t queue_id) const;

  // A reset that waits for the group's next pull. Until that has taken it, commits are ignored.
  void Reset(std::string_view group, std::string_view topic, std::int32_t queue_id,
             std::int64_t offset);
  bool ResetPending(std::string_view group, std::string_view topic, std::int32_t queue_id) const;
  std::optional<std::int64_t> TakeReset(std::string_view group, std::string_view topic,
                                        std::int32_t queue_id);

  // Loads one offset; it is not dirty afterwards.
  void Restore(const OffsetChange& stored);
  // Everything that changed since the last call. If writing fails, give it back to MarkDirty.
  std::vector<OffsetChange> TakeDirty();
  void MarkDirty(const std::vector<OffsetChange>& changes);

  // Return the pairs that were there, so that the caller can delete them from disk.
  using TopicAndGroup = std::pair<std::string, std::string>;
  std::vector<TopicAndGroup> RemoveTopic(std::string_view topic);
  std::vector<TopicAndGroup> RemoveGroup(std::string_view group);

  std::vector<std::string> TopicsOf(std::string_view group) const;
  std::vector<std::string> GroupsOf(std::string_view topic) const;
  std::vector<OffsetChange> Queues(std::string_view group, std::string_view topic) const;
  std::vector<OffsetChange> All() const;
  // What all of it takes in memory: a place for each queue id up to the largest of each group.
  std::int64_t places() const { return places_.load(std::memory_order_relaxed); }

 private:
  struct Key {
    std::string topic, group;
  };
  struct KeyRef {
    std::string_view topic, group;
  };
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(const KeyRef& key) const {
      const std::hash<std::string_view> hash;
      return hash(key.topic) * 31 + hash(key.group);
    }
    std::size_t operator()(const Key& key) const { return (*this)(KeyRef{key.topic, key.group}); }
  };
  struct KeyEqual {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.topic == b.topic && a.group == b.group;
    }
  };
  struct Queue {
    std::int64_t committed = kNone, pulled = kNone, reset = kNone;
    bool dirty = false;
  };
  using QueuesById = std::vector<Queue>;  // by queue id
  struct Shard {
    mutable Mutex mutex;
    std::unordered_map<Key, QueuesById, KeyHash, KeyEqual> entries GUARDED_BY(mutex);
  };
  static constexpr std::size_t kShards = 16;

  const Shard& ShardOf(const KeyRef& key) const { return shards_[KeyHash()(key) % kShards]; }
  // Calls edit(queue) on the place of a queue, made if it was not there.
  template <class Edit>
  void Change(const KeyRef& key, std::int32_t queue_id, Edit&& edit);
  // The place as it is; an untouched one if there is none.
  Queue Look(const KeyRef& key, std::int32_t queue_id) const;
  template <class Match>
  std::vector<TopicAndGroup> RemoveIf(Match&& match);
  template <class Visit>
  void ForEach(Visit&& visit) const;

  std::array<Shard, kShards> shards_;
  std::atomic<std::int64_t> places_ = 0;
};

}  // namespace comet::broker
