#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sdk/src/admin_client.h"

namespace comet::cli {

// The document in which mqadmin has always shown what a consumer tells of itself.
std::string TextOf(const client::RunningInfo& info);
Json JsonOf(const client::RunningInfo& info);

// What is wrong with the clients of a group, compared with each other.
struct GroupCheck {
  bool same_subscriptions = true;
  bool balanced = true;  // no queue is held by two
  std::string blocked;   // a line for each queue that does not get on
};
// Broadcast consumers share their queues: no check of the balance.
GroupCheck CheckGroup(const std::map<std::string, client::RunningInfo>& clients, bool broadcast,
                      std::int64_t now_ms);

}  // namespace comet::cli
