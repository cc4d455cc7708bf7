#pragma once

#include <comet/result.h>

#include <map>
#include <memory>
#include <string>

#include "remoting/base/mutex.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "sdk/src/group_member.h"

namespace comet::client {

// The groups of one client, by the brokers' names: what its heartbeats say. Thread-safe.
class ClientGroups {
 public:
  // True if the client was not in that group before.
  bool AddProducer(const std::string& group) EXCLUDES(mutex_);
  // True if no other producer of the client is in it.
  bool RemoveProducer(const std::string& group) EXCLUDES(mutex_);

  // Queues are shared out among clients, so a client has one consumer of a group at most.
  Result<void> AddConsumer(const std::string& group, const std::shared_ptr<GroupMember>& member)
      EXCLUDES(mutex_);
  void RemoveConsumer(const std::string& group) EXCLUDES(mutex_);
  std::shared_ptr<GroupMember> FindConsumer(std::string_view group) const EXCLUDES(mutex_);

  bool HasConsumers() const EXCLUDES(mutex_);
  // Nothing to tell when it has neither producers nor consumers.
  wire::HeartbeatData Heartbeat(const std::string& client_id) const EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::map<std::string, int> producers_ GUARDED_BY(mutex_);  // group -> users
  std::map<std::string, std::weak_ptr<GroupMember>, std::less<>> consumers_ GUARDED_BY(mutex_);
};

}  // namespace comet::client
