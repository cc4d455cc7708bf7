#include "sdk/src/admin_cluster.h"

#include "remoting/base/describe_json.h"
#include "remoting/base/java_properties.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/requests/get_broker_config.h"
#include "remoting/wire/requests/get_broker_consume_stats.h"
#include "remoting/wire/requests/get_broker_ha_status.h"
#include "remoting/wire/requests/get_broker_runtime_info.h"
#include "remoting/wire/requests/get_cluster_info.h"
#include "remoting/wire/requests/update_broker_config.h"
#include "remoting/wire/requests/view_broker_stats.h"

namespace comet::client {
StatusOr<wire::ClusterInfo> GetCluster(AdminCalls& calls) {
  COMET_ASSIGN(const auto answer, calls.CallNamesrv<wire::GetClusterInfo>({}));
  return ReadBody<wire::ClusterInfo>(answer->body, "name server");
}

StatusOr<std::vector<BrokerAddresses>> GetBrokersOfCluster(AdminCalls& calls,
                                                           const std::string& cluster) {
  COMET_ASSIGN(const wire::ClusterInfo info, GetCluster(calls));
  const auto names = info.clusters.find(cluster);
  if (names == info.clusters.end()) {
    return Status(Status::Code::kNotFound,
                  Concat("Make sure the specified clusterName exists or the name server connected "
                         "to is correct: no cluster ",
                         cluster));
  }
  std::vector<BrokerAddresses> brokers;
  for (const std::string& name : names->second) {
    const auto at = info.brokers.find(name);
    if (at == info.brokers.end()) continue;
    BrokerAddresses& broker = brokers.emplace_back();
    broker.name = name;
    for (const auto& [id, address] : at->second.addresses) {
      if (id == 0) {
        broker.master = address;
      } else {
        broker.slaves.push_back(address);
      }
    }
  }
  return brokers;
}

StatusOr<std::string> GetBrokerName(AdminCalls& calls, const std::string& address) {
  COMET_ASSIGN(const wire::ClusterInfo info, GetCluster(calls));
  for (const auto& [name, broker] : info.brokers) {
    for (const auto& [id, known] : broker.addresses) {
      if (known == address) return name;
    }
  }
  return Status(Status::Code::kNotFound, Concat("no broker is registered at ", address));
}

StatusOr<std::map<std::string, std::string>> GetRuntimeInfo(AdminCalls& calls,
                                                            const std::string& address) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetBrokerRuntimeInfo>(address, {}));
  COMET_ASSIGN(wire::KvTable info, ReadBody<wire::KvTable>(answer->body, address));
  return std::move(info.table);
}

StatusOr<wire::HaStatus> GetHaStatus(AdminCalls& calls, const std::string& address) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetBrokerHaStatus>(address, {}));
  return ReadBody<wire::HaStatus>(answer->body, address);
}

StatusOr<std::map<std::string, std::string>> GetBrokerConfig(AdminCalls& calls,
                                                             const std::string& address) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetBrokerConfig>(address, {}));
  return ReadSettings(answer->body, address);
}

Status SetBrokerConfig(AdminCalls& calls, const std::string& address, const std::string& key,
                       const std::string& value) {
  auto answer = calls.Call<wire::UpdateBrokerConfig>(address, {}, SettingLine(key, value));
  return answer.ok() ? Status() : answer.TakeError();
}

StatusOr<wire::BrokerConsumeStats> GetBrokerConsumeStats(AdminCalls& calls,
                                                         const std::string& address, bool ordered,
                                                         Duration timeout) {
  COMET_ASSIGN(const auto answer,
               calls.CallFor<wire::GetBrokerConsumeStats>(timeout, address, {.order = ordered}));
  return ReadBody<wire::BrokerConsumeStats>(answer->body, address);
}

StatusOr<wire::BrokerStatsData> GetStatsItem(AdminCalls& calls, const std::string& address,
                                             const std::string& name, const std::string& key) {
  COMET_ASSIGN(const auto answer,
               calls.Call<wire::ViewBrokerStats>(address, {.name = name, .key = key}));
  return ReadBody<wire::BrokerStatsData>(answer->body, address);
}

std::string SettingLine(const std::string& key, const std::string& value) {
  std::string line = key + "=";
  for (const char c : value) {
    if (c == '\\') line += '\\';
    if (c == '\n') {
      line += "\\n";
    } else {
      line += c;
    }
  }
  return line + "\n";
}

StatusOr<std::map<std::string, std::string>> ReadSettings(std::string_view body,
                                                          const std::string& address) {
  COMET_ASSIGN(const JavaProperties text, ParseJavaProperties(body, address));
  std::map<std::string, std::string> settings;
  for (const PropertyLine& line : text.lines) settings[line.key] = line.value;
  return settings;
}

}  // namespace comet::client
