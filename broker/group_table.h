#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/snapshot_map.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "remoting/wire/bodies/data_version.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "store/meta/meta_store.h"

namespace comet::broker {

// All subscription groups of this broker: how often a message is tried again, who may consume.
// Kept in the meta store: a change is on disk before it is seen.
//
// Reading: any thread; loops read through a View. Changing: any thread that may wait for the
// disk, so never a loop.
class GroupTable {
 public:
  using Map = SnapshotMap<wire::SubscriptionGroupConfig>;
  using GroupPtr = Map::Ptr;

  GroupTable(const Clock& clock, store::meta::MetaStore& meta) : clock_(clock), meta_(meta) {}

  Status Load() EXCLUDES(mutex_);
  Status CreateSystemGroups() EXCLUDES(mutex_);

  GroupPtr Find(std::string_view name) const { return map_.Find(name); }
  const Map& map() const { return map_; }
  std::vector<GroupPtr> All() const;  // by name
  std::size_t size() const { return map_.size(); }
  wire::DataVersion version() const EXCLUDES(mutex_);

  Status Put(wire::SubscriptionGroupConfig config) EXCLUDES(mutex_);
  Status PutAll(std::vector<wire::SubscriptionGroupConfig> configs) EXCLUDES(mutex_);
  Status Remove(std::string_view name) EXCLUDES(mutex_);
  // The group, with default settings if it was not there and `create` allows it (system groups
  // always are). kNotFound otherwise, kInvalid for a name that may not be.
  StatusOr<GroupPtr> FindOrCreate(std::string_view name, bool create) EXCLUDES(mutex_);

 private:
  Status Store(std::vector<wire::SubscriptionGroupConfig> configs) REQUIRES(mutex_);
  wire::DataVersion NextVersion() const REQUIRES(mutex_);

  const Clock& clock_;
  store::meta::MetaStore& meta_;
  Map map_;
  mutable Mutex mutex_;  // held across the write, so that version and groups agree
  wire::DataVersion version_ GUARDED_BY(mutex_);
};

}  // namespace comet::broker
