#include "sdk/src/client_groups.h"

#include <utility>
#include <vector>

#include "remoting/base/text.h"

namespace comet::client {

bool ClientGroups::AddProducer(const std::string& group) {
  MutexLock lock(mutex_);
  return ++producers_[group] == 1;
}

bool ClientGroups::RemoveProducer(const std::string& group) {
  MutexLock lock(mutex_);
  const auto found = producers_.find(group);
  if (found == producers_.end() || --found->second > 0) return false;
  producers_.erase(found);
  return true;
}

Result<void> ClientGroups::AddConsumer(const std::string& group,
                                       const std::shared_ptr<GroupMember>& member) {
  MutexLock lock(mutex_);
  std::weak_ptr<GroupMember>& place = consumers_[group];
  if (!place.expired()) {
    return Error(Errc::invalid_argument, Concat("this client already has a consumer of group ",
                                                group, "; a second one needs a client of its own"));
  }
  place = member;
  return {};
}

void ClientGroups::RemoveConsumer(const std::string& group) {
  MutexLock lock(mutex_);
  consumers_.erase(group);
}

std::shared_ptr<GroupMember> ClientGroups::FindConsumer(std::string_view group) const {
  MutexLock lock(mutex_);
  const auto found = consumers_.find(group);
  return found == consumers_.end() ? nullptr : found->second.lock();
}

bool ClientGroups::HasConsumers() const {
  MutexLock lock(mutex_);
  return !consumers_.empty();
}

wire::HeartbeatData ClientGroups::Heartbeat(const std::string& client_id) const {
  wire::HeartbeatData heartbeat;
  heartbeat.client_id = client_id;
  std::vector<std::shared_ptr<GroupMember>> members;
  {
    MutexLock lock(mutex_);
    for (const auto& [group, users] : producers_) heartbeat.producers.push_back({group});
    for (const auto& [group, weak] : consumers_) {
      if (auto member = weak.lock()) members.push_back(std::move(member));
    }
  }
  for (const auto& member : members) heartbeat.consumers.push_back(member->Describe());
  return heartbeat;
}

}  // namespace comet::client
