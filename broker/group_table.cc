#include "broker/group_table.h"

#include <algorithm>
#include <array>

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

}  // namespace

Status GroupTable::Load() {
  COMET_ASSIGN(auto groups, meta_.Groups());
  COMET_ASSIGN(auto version, meta_.Version(store::meta::Table::kGroups));
  MutexLock lock(mutex_);
  version_ = version;
  for (auto& config : groups) {
    const auto name = config.name;
    map_.Put(name, std::make_shared<const wire::SubscriptionGroupConfig>(std::move(config)));
  }
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

Status GroupTable::Store(std::vector<wire::SubscriptionGroupConfig> configs) {
  const auto next = NextVersion();
  COMET_TRY(meta_.PutGroups(configs, next));
  version_ = next;
  for (auto& config : configs) {
    const auto name = config.name;
    map_.Put(name, std::make_shared<const wire::SubscriptionGroupConfig>(std::move(config)));
  }
  return {};
}

Status GroupTable::Put(wire::SubscriptionGroupConfig config) {
  std::vector<wire::SubscriptionGroupConfig> one;
  one.push_back(std::move(config));
  return PutAll(std::move(one));
}

Status GroupTable::PutAll(std::vector<wire::SubscriptionGroupConfig> configs) {
  MutexLock lock(mutex_);
  std::size_t created = 0;
  for (const auto& config : configs) {
    if (map_.Find(config.name) == nullptr) ++created;
  }
  if (configs.empty()) return {};
  if (map_.size() + created > limits::kGroupsMax) {
    return {Status::Code::kFull, Concat("the broker has ", limits::kGroupsMax, " groups already")};
  }
  return Store(std::move(configs));
}

Status GroupTable::Remove(std::string_view name) {
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
  COMET_TRY(wire::CheckGroupName(name));
  if (!create && !wire::IsSystemGroup(name)) {
    return Status(Status::Code::kNotFound, Concat("no group ", name));
  }
  COMET_TRY(Put(Defaults(name)));
  return Find(name);
}

}  // namespace comet::broker
