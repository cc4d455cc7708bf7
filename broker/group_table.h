#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "broker/ha/ha_config.h"
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
// disk, so never a loop. On a slave Follow changes what is kept, and nothing else
// does: its groups are its master's.
class GroupTable {
 public:
  using Map = SnapshotMap<wire::SubscriptionGroupConfig>;
  using GroupPtr = Map::Ptr;

  GroupTable(const Clock& clock, store::meta::MetaStore& meta,
             BrokerRole role = BrokerRole::kAsyncMaster)
      : clock_(clock), meta_(meta), role_(role) {}

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
  // Of a slave whose master cannot be asked: the same, in memory only and until the master tells of
  // its groups again, so that a new group can read meanwhile.
  StatusOr<GroupPtr> FindOrLend(std::string_view name, bool create) EXCLUDES(mutex_);
  // Becomes what the master's table is, its version included; returns the groups that are gone.
  // Writes nothing when nothing is different.
  StatusOr<std::vector<std::string>> Follow(std::vector<wire::SubscriptionGroupConfig> configs,
                                            const wire::DataVersion& version) EXCLUDES(mutex_);

 private:
  static Status CheckWanted(std::string_view name, bool create);
  Status CheckMaster(std::string_view name) const;
  Status Store(std::vector<wire::SubscriptionGroupConfig> configs) REQUIRES(mutex_);
  void Show(std::vector<wire::SubscriptionGroupConfig> configs);  // to readers
  wire::DataVersion NextVersion() const REQUIRES(mutex_);

  const Clock& clock_;
  store::meta::MetaStore& meta_;
  const BrokerRole role_;
  Map map_;
  mutable Mutex mutex_;  // held across the write, so that version and groups agree
  wire::DataVersion version_ GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> lent_ GUARDED_BY(mutex_);  // not kept
};

}  // namespace comet::broker
