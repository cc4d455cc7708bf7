#include "broker/group_table.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "remoting/base/limits.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"

namespace comet::broker {
namespace {

constexpr std::array<std::string_view, 8> kSystemGroups = {
    wire::kToolsGroup, "FILTERSRV_CONSUMER",    "SELF_TEST_C_GROUP", "CID_ONS-HTTP-PROXY",
    "CID_ONSAPI_PULL", "CID_ONSAPI_PERMISSION", "CID_ONSAPI_OWNER",  "CID_RMQ_SYS_TRANS"};

wire::SubscriptionGroupConfig Defaults(std::string_view name) {
  wire::SubscriptionGroupConfig config;
  config.name = name;
  return config;
}

Status TooMany() {
  return {Status::Code::kFull, Concat("the broker has ", limits::kGroupsMax, " groups already")};
}

void EraseKept(const GroupTable::Map& map, const std::set<std::string, std::less<>>& lent,
               std::vector<wire::SubscriptionGroupConfig>* configs) {
  std::erase_if(*configs, [&](const auto& config) {
    const auto known = map.Find(config.name);
    return known != nullptr && *known == config && !lent.contains(config.name);
  });
}

}  // namespace

Status GroupTable::Load() {
  COMET_ASSIGN(auto groups, meta_.Groups());
  COMET_ASSIGN(auto version, meta_.Version(store::meta::Table::kGroups));
  MutexLock lock(mutex_);
  version_ = version;
  Show(std::move(groups));
  return {};
}

Status GroupTable::CreateSystemGroups() {
  std::vector<wire::SubscriptionGroupConfig> wanted;
  for (const auto name : kSystemGroups) {
    if (Find(name) == nullptr) wanted.push_back(Defaults(name));
  }
  return PutAll(std::move(wanted));
}

std::vector<GroupTable::GroupPtr> GroupTable::All() const {
  auto all = map_.All();
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->name < b->name; });
  return all;
}

wire::DataVersion GroupTable::version() const {
  MutexLock lock(mutex_);
  return version_;
}

wire::DataVersion GroupTable::NextVersion() const {
  auto next = version_;
  next.timestamp_ms = clock_.WallNow();
  ++next.counter;
  return next;
}

void GroupTable::Show(std::vector<wire::SubscriptionGroupConfig> configs) {
  std::vector<std::pair<std::string, GroupPtr>> groups;
  groups.reserve(configs.size());
  for (auto& config : configs) {
    auto name = config.name;
    groups.emplace_back(std::move(name),
                        std::make_shared<const wire::SubscriptionGroupConfig>(std::move(config)));
  }
  map_.PutAll(std::move(groups));
}

Status GroupTable::CheckMaster(std::string_view name) const {
  if (role_ != BrokerRole::kSlave) return {};
  return {Status::Code::kNotFound, Concat("group ", name, ": groups of a slave are its master's")};
}

Status GroupTable::Store(std::vector<wire::SubscriptionGroupConfig> configs) {
  const auto next = NextVersion();
  COMET_TRY(meta_.PutGroups(configs, next));
  version_ = next;
  Show(std::move(configs));
  return {};
}

StatusOr<std::vector<std::string>> GroupTable::Follow(
    std::vector<wire::SubscriptionGroupConfig> configs, const wire::DataVersion& version) {
  MutexLock lock(mutex_);
  std::set<std::string> gone;
  for (const auto& group : map_.All()) gone.insert(group->name);
  for (const auto& config : configs) gone.erase(config.name);
  EraseKept(map_, lent_, &configs);
  std::vector<std::string> removed(gone.begin(), gone.end());
  if (configs.empty() && removed.empty() && version == version_) return removed;
  // The version comes with the last write: a crash in between is no agreement.
  COMET_TRY(meta_.PutGroups(configs, removed.empty() ? version : version_));
  if (!removed.empty()) COMET_TRY(meta_.DeleteGroups(removed, version));
  version_ = version;
  lent_.clear();
  Show(std::move(configs));
  for (const auto& name : removed) map_.Erase(name);
  return removed;
}

Status GroupTable::Put(wire::SubscriptionGroupConfig config) {
  std::vector<wire::SubscriptionGroupConfig> one;
  one.push_back(std::move(config));
  return PutAll(std::move(one));
}

Status GroupTable::PutAll(std::vector<wire::SubscriptionGroupConfig> configs) {
  for (const auto& config : configs) COMET_TRY(CheckMaster(config.name));
  MutexLock lock(mutex_);
  std::size_t created = 0;
  for (const auto& config : configs) {
    if (map_.Find(config.name) == nullptr) ++created;
  }
  if (configs.empty()) return {};
  if (map_.size() + created > limits::kGroupsMax) return TooMany();
  return Store(std::move(configs));
}

Status GroupTable::Remove(std::string_view name) {
  COMET_TRY(CheckMaster(name));
  MutexLock lock(mutex_);
  if (map_.Find(name) == nullptr) return {};
  const auto next = NextVersion();
  const std::string names[] = {std::string(name)};
  COMET_TRY(meta_.DeleteGroups(names, next));
  version_ = next;
  map_.Erase(name);
  return {};
}

StatusOr<GroupTable::GroupPtr> GroupTable::FindOrCreate(std::string_view name, bool create) {
  if (auto known = Find(name)) return known;
  COMET_TRY(CheckWanted(name, create));
  COMET_TRY(Put(Defaults(name)));
  return Find(name);
}

StatusOr<GroupTable::GroupPtr> GroupTable::FindOrLend(std::string_view name, bool create) {
  MutexLock lock(mutex_);
  if (auto known = Find(name)) return known;
  COMET_TRY(CheckWanted(name, create));
  if (map_.size() >= limits::kGroupsMax) return TooMany();
  std::vector<wire::SubscriptionGroupConfig> one;
  one.push_back(Defaults(name));
  Show(std::move(one));
  lent_.emplace(name);
  return Find(name);
}

Status GroupTable::CheckWanted(std::string_view name, bool create) {
  COMET_TRY(wire::CheckGroupName(name));
  if (create || wire::IsSystemGroup(name)) return {};
  return {Status::Code::kNotFound, Concat("no group ", name)};
}

}  // namespace comet::broker
