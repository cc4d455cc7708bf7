#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/status_or.h"
#include "remoting/wire/bodies/data_version.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "remoting/wire/bodies/topic_config.h"

namespace comet::store::meta {

// Tables have a place for each queue up to the largest, so what names a larger one is left out.
inline constexpr std::int32_t kQueueIdMax = 65535;

inline bool IsQueueId(std::int32_t id) {
  return id >= 0 && id <= kQueueIdMax;
}
inline bool HasTooManyQueues(const wire::TopicConfig& topic) {
  return std::max(topic.read_queues, topic.write_queues) > kQueueIdMax + 1;
}

// A group's progress in one queue: the next offset it wants.
struct ConsumerOffset {
  std::string group, topic;
  std::int32_t queue_id = 0;
  std::int64_t offset = 0;

  friend bool operator==(const ConsumerOffset&, const ConsumerOffset&) = default;
};

using DelayOffsets = std::map<std::int32_t, std::int64_t>;  // level -> next offset of its queue

// What has a data version of its own, as name servers and slaves compare them.
enum class Table : std::uint8_t { kTopics, kGroups, kConsumerOffsets, kDelayOffsets };

struct MetaStoreOptions {
  std::string directory;  // <root>/meta
  std::size_t write_buffer_bytes = 1 << 20;
  std::size_t block_cache_bytes = 1 << 20;
};

// Pulls that are forbidden: group -> topic -> bits.
using Forbidden = std::map<std::string, std::map<std::string, std::int32_t>>;

// All there is, to be written at once.
struct MetaContent {
  std::vector<wire::TopicConfig> topics;
  std::vector<wire::SubscriptionGroupConfig> groups;
  Forbidden forbidden;
  std::vector<ConsumerOffset> consumer_offsets;
  DelayOffsets delay_offsets;
  std::map<Table, wire::DataVersion> versions;
};

// What a broker must remember besides messages: topics, subscription groups, consumer offsets,
// offsets of the delay levels. Values are messages of meta.proto in RocksDB.
//
// Changes of topics and groups are on the disk when the call returns. Offsets are written in
// batches, each all or nothing, and reach the disk in the operating system's time, or with Sync:
// losing the last seconds of them means consuming some messages again, never skipping any.
//
// Any thread. An error never leaves half a change behind.
class MetaStore {
 public:
  // kCorruption when the files are damaged: the message says where, and nothing was changed.
  static StatusOr<std::unique_ptr<MetaStore>> Open(const MetaStoreOptions& options);
  virtual ~MetaStore() = default;

  // Whether nothing was ever written; then a Java broker's files may be imported.
  virtual StatusOr<bool> IsEmpty() = 0;

  // Without those that have too many queues; each is a warning in the log.
  virtual StatusOr<std::vector<wire::TopicConfig>> Topics() = 0;
  virtual Status PutTopics(std::span<const wire::TopicConfig> topics,
                           const wire::DataVersion& version) = 0;
  virtual Status DeleteTopics(std::span<const std::string> names,
                              const wire::DataVersion& version) = 0;

  virtual StatusOr<std::vector<wire::SubscriptionGroupConfig>> Groups() = 0;
  virtual Status PutGroups(std::span<const wire::SubscriptionGroupConfig> groups,
                           const wire::DataVersion& version) = 0;
  virtual Status DeleteGroups(std::span<const std::string> names,
                              const wire::DataVersion& version) = 0;

  virtual StatusOr<Forbidden> ForbiddenPulls() = 0;
  virtual Status PutForbiddenPulls(std::string_view group,
                                   const std::map<std::string, std::int32_t>& bits_of_topic) = 0;

  // Without those of queues that cannot be; each is a warning in the log.
  virtual StatusOr<std::vector<ConsumerOffset>> ConsumerOffsets() = 0;
  virtual Status PutConsumerOffsets(std::span<const ConsumerOffset> offsets,
                                    const wire::DataVersion& version) = 0;
  // Every queue of a (group, topic) pair. An empty topic means all topics of the group, an empty
  // group all groups of the topic; both empty is kInvalid.
  virtual Status DeleteConsumerOffsets(std::string_view group, std::string_view topic) = 0;

  virtual StatusOr<DelayOffsets> DelayLevelOffsets() = 0;
  virtual Status PutDelayLevelOffsets(const DelayOffsets& offsets,
                                      const wire::DataVersion& version) = 0;

  // A table that was never written has version {0, 0, 0}.
  virtual StatusOr<wire::DataVersion> Version(Table table) = 0;

  // Writes everything in one atomic, synced step; what had been there before is gone.
  virtual Status Replace(const MetaContent& content) = 0;

  virtual Status Sync() = 0;
};

}  // namespace comet::store::meta
