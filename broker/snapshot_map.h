#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "remoting/base/mutex.h"

namespace comet::broker {

// A map that loops read for every message and administration changes now and then. A change
// replaces one shard by a new one; a loop's View notices by a counter and takes the new shards
// once. So a reader neither locks nor waits.
//
// Put, PutAll, Erase, Find, All: any thread. View: its loop.
template <class V>
class SnapshotMap {
 public:
  using Ptr = std::shared_ptr<const V>;

  void Put(std::string_view key, Ptr value) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    auto next = Copy(key);
    if (next->insert_or_assign(std::string(key), std::move(value)).second) ++size_;
    Replace(key, std::move(next));
  }

  // As Put for each, but a shard is replaced once and not for each of its keys.
  void PutAll(std::vector<std::pair<std::string, Ptr>> values) EXCLUDES(mutex_) {
    std::array<std::shared_ptr<Shard>, kShards> next;
    MutexLock lock(mutex_);
    for (auto& [key, value] : values) {
      auto& shard = next[ShardOf(key)];
      if (shard == nullptr) shard = Copy(key);
      if (shard->insert_or_assign(std::move(key), std::move(value)).second) ++size_;
    }
    for (std::size_t at = 0; at < kShards; ++at) {
      if (next[at] != nullptr) shards_[at] = std::move(next[at]);
    }
    version_.fetch_add(1, std::memory_order_release);
  }

  bool Erase(std::string_view key) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    auto next = Copy(key);
    const auto found = next->find(key);
    if (found == next->end()) return false;
    next->erase(found);
    --size_;
    Replace(key, std::move(next));
    return true;
  }

  Ptr Find(std::string_view key) const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const auto& shard = shards_[ShardOf(key)];
    if (shard == nullptr) return nullptr;
    const auto found = shard->find(key);
    return found == shard->end() ? nullptr : found->second;
  }

  std::vector<Ptr> All() const EXCLUDES(mutex_) {
    std::vector<Ptr> all;
    MutexLock lock(mutex_);
    all.reserve(size_);
    for (const auto& shard : shards_) {
      if (shard == nullptr) continue;
      for (const auto& [key, value] : *shard) all.push_back(value);
    }
    return all;
  }

  std::size_t size() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return size_;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };
  using Shard = std::unordered_map<std::string, Ptr, Hash, std::equal_to<>>;
  static constexpr std::size_t kShards = 64;
  using Shards = std::array<std::shared_ptr<const Shard>, kShards>;

 public:
  // What one loop sees. A pointer it gives is good until the next call on the same view.
  class View {
   public:
    explicit View(const SnapshotMap& map) : map_(map) {}

    const V* Find(std::string_view key) {
      if (map_.version_.load(std::memory_order_acquire) != seen_) Refresh();
      // Requests come in runs for the same.
      if (last_ != nullptr && last_->first == key) return last_->second.get();
      const auto& shard = shards_[ShardOf(key)];
      if (shard == nullptr) return nullptr;
      const auto found = shard->find(key);
      if (found == shard->end()) return nullptr;
      last_ = &*found;
      return found->second.get();
    }

   private:
    void Refresh() {
      MutexLock lock(map_.mutex_);
      last_ = nullptr;
      shards_ = map_.shards_;
      seen_ = map_.version_.load(std::memory_order_relaxed);
    }

    const SnapshotMap& map_;
    Shards shards_;
    const typename Shard::value_type* last_ = nullptr;  // of shards_: what was found last
    std::uint64_t seen_ = 0;
  };

 private:
  static std::size_t ShardOf(std::string_view key) { return Hash()(key) % kShards; }
  std::shared_ptr<Shard> Copy(std::string_view key) const REQUIRES(mutex_) {
    const auto& shard = shards_[ShardOf(key)];
    return shard == nullptr ? std::make_shared<Shard>() : std::make_shared<Shard>(*shard);
  }
  void Replace(std::string_view key, std::shared_ptr<Shard> next) REQUIRES(mutex_) {
    shards_[ShardOf(key)] = std::move(next);
    version_.fetch_add(1, std::memory_order_release);
  }

  mutable Mutex mutex_;
  Shards shards_ GUARDED_BY(mutex_);
  std::size_t size_ GUARDED_BY(mutex_) = 0;
  std::atomic<std::uint64_t> version_ = 0;
};

}  // namespace comet::broker
