#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/broker_config.h"
#include "broker/ha/ha_config.h"
#include "broker/snapshot_map.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "remoting/wire/bodies/data_version.h"
#include "remoting/wire/bodies/topic_config.h"
#include "store/meta/meta_store.h"
#include "store/queue_table.h"

namespace comet::broker {

// A topic as loops use it: its configuration, and its queues without a search.
class Topic {
 public:
  explicit Topic(wire::TopicConfig config);

  const wire::TopicConfig& config() const { return config_; }
  const std::string& name() const { return config_.name; }
  std::int32_t queues() const { return queues_; }  // the larger of read and write queues

  // The queue, made if it was not there; `id` must be in [0, queues()). Any thread.
  store::QueueSlot& Slot(store::QueueTable& table, std::int32_t id) const;
  // As Apache's broker prints a topic in remarks.
  std::string Describe() const;

 private:
  const wire::TopicConfig config_;
  const std::int32_t queues_;
  const std::unique_ptr<std::atomic<store::QueueSlot*>[]> slots_;
};

// All topics of this broker. Kept in the meta store: a change is on disk before it is seen.
//
// Reading: any thread; loops read through a View. Changing: any thread that may wait for the
// disk, so never a loop. On a slave everything but Follow is refused: its topics are its master's.
class TopicTable {
 public:
  using Map = SnapshotMap<Topic>;
  using TopicPtr = Map::Ptr;
  // Hears of every change, with the topics that are new or different; none for a deletion.
  using Listener = std::function<void(std::vector<wire::TopicConfig> changed)>;

  static constexpr std::int32_t kQueuesPerTopicMax = 50'000;

  TopicTable(const Clock& clock, store::meta::MetaStore& meta,
             BrokerRole role = BrokerRole::kAsyncMaster)
      : clock_(clock), meta_(meta), role_(role) {}

  Status Load() EXCLUDES(mutex_);
  // The topics a broker of this configuration has from the start (store-layout: system topics).
  // The topic of delayed messages has a queue for each level, at least.
  Status CreateSystemTopics(const BrokerConfig& config, std::int64_t delay_levels) EXCLUDES(mutex_);
  void SetListener(Listener listener) { listener_ = std::move(listener); }  // before any change

  TopicPtr Find(std::string_view name) const { return map_.Find(name); }
  const Map& map() const { return map_; }
  std::vector<TopicPtr> All() const;  // by name
  std::size_t size() const { return map_.size(); }
  wire::DataVersion version() const EXCLUDES(mutex_);

  // Creates or replaces; a configuration that is there already changes nothing.
  Status Put(wire::TopicConfig config) EXCLUDES(mutex_);
  // All of them at once, in one write; for lists and for the start.
  Status PutAll(std::vector<wire::TopicConfig> configs) EXCLUDES(mutex_);
  Status Remove(std::string_view name) EXCLUDES(mutex_);

  // A topic that a client sends to without having made it: copies the template `from` names, with
  // as many queues as the client asks for and the template allows. kNotFound when the template is
  // not there or may not be copied.
  StatusOr<TopicPtr> CreateForSend(std::string_view name, std::string_view from,
                                   std::int32_t queues, std::int32_t sys_flag) EXCLUDES(mutex_);
  // A retry or dead-letter topic; the one that is there is left alone.
  StatusOr<TopicPtr> CreateIfMissing(std::string_view name, std::int32_t queues,
                                     std::int32_t sys_flag, bool order = false) EXCLUDES(mutex_);

  // Becomes what the master's table is, its version included; returns the topics that are gone.
  // Writes nothing when nothing is different.
  StatusOr<std::vector<std::string>> Follow(std::vector<wire::TopicConfig> configs,
                                            const wire::DataVersion& version) EXCLUDES(mutex_);

  // The broker's own permission changed: name servers must hear of every topic anew.
  Status Touch() EXCLUDES(mutex_);

 private:
  Status CheckMaster(std::string_view name) const;
  Status Store(std::vector<wire::TopicConfig> configs) REQUIRES(mutex_);
  void Show(std::vector<wire::TopicConfig> configs);  // to readers
  wire::DataVersion NextVersion() const REQUIRES(mutex_);

  const Clock& clock_;
  store::meta::MetaStore& meta_;
  const BrokerRole role_;
  Listener listener_;
  Map map_;
  mutable Mutex mutex_;  // held across the write, so that versions and topics agree
  wire::DataVersion version_ GUARDED_BY(mutex_);
};

}  // namespace comet::broker
