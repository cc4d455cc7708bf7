#include "namesrv/broker_table.h"

#include "namesrv/limits.h"

namespace comet::namesrv {

BrokerGroup* BrokerTable::Find(std::string_view name) {
  const auto at = groups_.find(name);
  return at == groups_.end() ? nullptr : &at->second;
}

const BrokerGroup* BrokerTable::Find(std::string_view name) const {
  const auto at = groups_.find(name);
  return at == groups_.end() ? nullptr : &at->second;
}

Member* BrokerTable::FindMember(std::string_view cluster, std::string_view name,
                                std::string_view address) {
  BrokerGroup* group = Find(name);
  if (group == nullptr || group->cluster != cluster) return nullptr;
  for (auto& [id, member] : group->members) {
    if (member.address == address) return &member;
  }
  return nullptr;
}

BrokerGroup* BrokerTable::Obtain(std::string_view name) {
  if (BrokerGroup* known = Find(name)) return known;
  if (groups_.size() >= kBrokersMax) return nullptr;
  return &groups_.emplace(name, BrokerGroup()).first->second;
}

BrokerTable::Left BrokerTable::RemoveMembers(
    std::string_view name, const std::function<bool(std::int64_t, const Member&)>& gone) {
  const auto at = groups_.find(name);
  if (at == groups_.end()) return Left::kNothingRemoved;
  const auto removed = std::erase_if(
      at->second.members, [&](const auto& entry) { return gone(entry.first, entry.second); });
  if (at->second.members.empty()) {
    groups_.erase(at);
    return Left::kEmptyGroup;
  }
  return removed == 0 ? Left::kNothingRemoved : Left::kMembers;
}

std::map<std::string, std::set<std::string>> BrokerTable::Clusters() const {
  std::map<std::string, std::set<std::string>> clusters;
  for (const auto& [name, group] : groups_) clusters[group.cluster].insert(name);
  return clusters;
}

}  // namespace comet::namesrv
