#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/describe_json.h"
#include "remoting/wire/bodies/cluster_info.h"
#include "remoting/wire/bodies/ha_status.h"
#include "remoting/wire/bodies/stats.h"
#include "sdk/src/admin_calls.h"

namespace comet::client {

// The processes of one broker name.
struct BrokerAddresses {
  std::string name;
  std::string master;  // empty when it is lost
  std::vector<std::string> slaves;
};

StatusOr<wire::ClusterInfo> GetCluster(AdminCalls& calls);

// kNotFound for a cluster nobody knows.
StatusOr<std::vector<BrokerAddresses>> GetBrokersOfCluster(AdminCalls& calls,
                                                           const std::string& cluster);
// The name of the broker that registered this address.
StatusOr<std::string> GetBrokerName(AdminCalls& calls, const std::string& address);

// What a broker tells of itself: tps, offsets, times, by key.
StatusOr<std::map<std::string, std::string>> GetRuntimeInfo(AdminCalls& calls,
                                                            const std::string& address);

// How far a master's replicas are, or a slave itself.
StatusOr<wire::HaStatus> GetHaStatus(AdminCalls& calls, const std::string& address);

StatusOr<std::map<std::string, std::string>> GetBrokerConfig(AdminCalls& calls,
                                                             const std::string& address);
Status SetBrokerConfig(AdminCalls& calls, const std::string& address, const std::string& key,
                       const std::string& value);

// How far every group is on every topic of one broker. It looks at all: `timeout` is the wait.
StatusOr<wire::BrokerConsumeStats> GetBrokerConsumeStats(AdminCalls& calls,
                                                         const std::string& address, bool ordered,
                                                         Duration timeout);

// One item of a broker's statistics: TOPIC_PUT_NUMS of a topic, GROUP_GET_NUMS of topic@group. An
// error when the broker has counted nothing of it yet.
StatusOr<wire::BrokerStatsData> GetStatsItem(AdminCalls& calls, const std::string& address,
                                             const std::string& name, const std::string& key);

// Settings travel as Java properties: a line of them, what would end or split it being escaped, and
// what an answer has.
std::string SettingLine(const std::string& key, const std::string& value);
StatusOr<std::map<std::string, std::string>> ReadSettings(std::string_view body,
                                                          const std::string& address);

// For the body of an answer: an error names the server.
template <Described T>
StatusOr<T> ReadBody(std::string_view body, std::string_view address) {
  auto value = FromJson<T>(body);
  if (!value.ok()) {
    return Status(Status::Code::kCorruption, std::string(address) + ": " + value.error().message());
  }
  return value;
}

}  // namespace comet::client
