#include "broker/offset_table.h"

#include <algorithm>

#include "remoting/base/check.h"

namespace comet::broker {

template <class Edit>
void OffsetTable::Change(const KeyRef& key, std::int32_t queue_id, Edit&& edit) {
  COMET_CHECK(queue_id >= 0 && queue_id <= kQueueIdMax);
  Shard& shard = shards_[KeyHash()(key) % kShards];
  MutexLock lock(shard.mutex);
  auto found = shard.entries.find(key);
  if (found == shard.entries.end()) {
    found = shard.entries.emplace(Key{std::string(key.topic), std::string(key.group)}, QueuesById{})
                .first;
  }
  const auto index = static_cast<std::size_t>(queue_id);
  if (found->second.size() <= index) {
    places_ += static_cast<std::int64_t>(index + 1 - found->second.size());
    found->second.resize(index + 1);
  }
  edit(found->second[index]);
}

OffsetTable::Queue OffsetTable::Look(const KeyRef& key, std::int32_t queue_id) const {
  const Shard& shard = ShardOf(key);
  MutexLock lock(shard.mutex);
  const auto found = shard.entries.find(key);
  const auto index = static_cast<std::size_t>(queue_id);
  if (queue_id < 0 || found == shard.entries.end() || found->second.size() <= index) return {};
  return found->second[index];
}

void OffsetTable::Commit(std::string_view group, std::string_view topic, std::int32_t queue_id,
                         std::int64_t offset) {
  Change({topic, group}, queue_id, [&](Queue& queue) {
    if (queue.reset != kNone) return;
    queue.dirty |= queue.committed != offset;
    queue.committed = offset;
  });
}

void OffsetTable::Raise(std::string_view group, std::string_view topic, std::int32_t queue_id,
                        std::int64_t offset) {
  Change({topic, group}, queue_id, [&](Queue& queue) {
    if (queue.reset != kNone || queue.committed >= offset) return;
    queue.committed = offset;
    queue.dirty = true;
  });
}

std::int64_t OffsetTable::Query(std::string_view group, std::string_view topic,
                                std::int32_t queue_id) const {
  return Look({topic, group}, queue_id).committed;
}

void OffsetTable::NotePull(std::string_view group, std::string_view topic, std::int32_t queue_id,
                           std::int64_t offset) {
  Change({topic, group}, queue_id, [&](Queue& queue) { queue.pulled = offset; });
}

std::int64_t OffsetTable::PullOffset(std::string_view group, std::string_view topic,
                                     std::int32_t queue_id) const {
  return Look({topic, group}, queue_id).pulled;
}

void OffsetTable::Reset(std::string_view group, std::string_view topic, std::int32_t queue_id,
                        std::int64_t offset) {
  Change({topic, group}, queue_id, [&](Queue& queue) {
    queue.reset = offset;
    queue.committed = offset;
    queue.dirty = true;
  });
}

bool OffsetTable::ResetPending(std::string_view group, std::string_view topic,
                               std::int32_t queue_id) const {
  return Look({topic, group}, queue_id).reset != kNone;
}

std::optional<std::int64_t> OffsetTable::TakeReset(std::string_view group, std::string_view topic,
                                                   std::int32_t queue_id) {
  if (!ResetPending(group, topic, queue_id)) return std::nullopt;
  std::int64_t offset = kNone;
  Change({topic, group}, queue_id,
         [&](Queue& queue) { offset = std::exchange(queue.reset, kNone); });
  if (offset == kNone) return std::nullopt;
  return offset;
}

void OffsetTable::Restore(const OffsetChange& stored) {
  Change({stored.topic, stored.group}, stored.queue_id,
         [&](Queue& queue) { queue.committed = stored.offset; });
}

template <class Visit>
void OffsetTable::ForEach(Visit&& visit) const {
  for (const auto& shard : shards_) {
    MutexLock lock(shard.mutex);
    for (const auto& [key, queues] : shard.entries) visit(key, queues);
  }
}

std::vector<OffsetChange> OffsetTable::TakeDirty() {
  std::vector<OffsetChange> changes;
  for (auto& shard : shards_) {
    MutexLock lock(shard.mutex);
    for (auto& [key, queues] : shard.entries) {
      for (std::size_t i = 0; i < queues.size(); ++i) {
        if (!queues[i].dirty) continue;
        queues[i].dirty = false;
        changes.push_back(
            {key.group, key.topic, static_cast<std::int32_t>(i), queues[i].committed});
      }
    }
  }
  return changes;
}

void OffsetTable::MarkDirty(const std::vector<OffsetChange>& changes) {
  for (const auto& change : changes) {
    Change({change.topic, change.group}, change.queue_id, [](Queue& queue) { queue.dirty = true; });
  }
}

template <class Match>
std::vector<OffsetTable::TopicAndGroup> OffsetTable::RemoveIf(Match&& match) {
  std::vector<TopicAndGroup> removed;
  for (auto& shard : shards_) {
    MutexLock lock(shard.mutex);
    for (auto entry = shard.entries.begin(); entry != shard.entries.end();) {
      if (!match(entry->first)) {
        ++entry;
        continue;
      }
      removed.emplace_back(entry->first.topic, entry->first.group);
      places_ -= static_cast<std::int64_t>(entry->second.size());
      entry = shard.entries.erase(entry);
    }
  }
  return removed;
}

std::vector<OffsetTable::TopicAndGroup> OffsetTable::RemoveTopic(std::string_view topic) {
  return RemoveIf([&](const Key& key) { return key.topic == topic; });
}

std::vector<OffsetTable::TopicAndGroup> OffsetTable::RemoveGroup(std::string_view group) {
  return RemoveIf([&](const Key& key) { return key.group == group; });
}

namespace {

bool AnyCommitted(const auto& queues) {
  return std::any_of(queues.begin(), queues.end(),
                     [](const auto& queue) { return queue.committed != OffsetTable::kNone; });
}

void AppendCommitted(const auto& key, const auto& queues, std::vector<OffsetChange>* to) {
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (queues[i].committed == OffsetTable::kNone) continue;
    to->push_back({key.group, key.topic, static_cast<std::int32_t>(i), queues[i].committed});
  }
}

}  // namespace

std::vector<std::string> OffsetTable::TopicsOf(std::string_view group) const {
  std::vector<std::string> topics;
  ForEach([&](const Key& key, const QueuesById& queues) {
    if (key.group == group && AnyCommitted(queues)) topics.push_back(key.topic);
  });
  return topics;
}

std::vector<std::string> OffsetTable::GroupsOf(std::string_view topic) const {
  std::vector<std::string> groups;
  ForEach([&](const Key& key, const QueuesById& queues) {
    if (key.topic == topic && AnyCommitted(queues)) groups.push_back(key.group);
  });
  return groups;
}

std::vector<OffsetChange> OffsetTable::Queues(std::string_view group,
                                              std::string_view topic) const {
  std::vector<OffsetChange> queues;
  const KeyRef key{topic, group};
  const Shard& shard = ShardOf(key);
  MutexLock lock(shard.mutex);
  const auto found = shard.entries.find(key);
  if (found != shard.entries.end()) AppendCommitted(found->first, found->second, &queues);
  return queues;
}

std::vector<OffsetChange> OffsetTable::All() const {
  std::vector<OffsetChange> all;
  ForEach([&](const Key& key, const QueuesById& queues) { AppendCommitted(key, queues, &all); });
  return all;
}

}  // namespace comet::broker
