#include <array>
#include <map>
#include <string>
#include <string_view>

#include "console/cli/commands/all.h"
#include "console/cli/export.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kExportConfigsOptions{
    Option{'c', "clusterName", Takes::kValue, Must::kRequired, "Cluster to look at"},
    kExportFolder};

// The settings that matter for a comparison of clusters.
constexpr std::array<std::string_view, 16> kKeys{"brokerClusterName",
                                                 "brokerId",
                                                 "brokerName",
                                                 "brokerRole",
                                                 "fileReservedTime",
                                                 "filterServerNums",
                                                 "flushDiskType",
                                                 "maxMessageSize",
                                                 "messageDelayLevel",
                                                 "msgTraceTopicName",
                                                 "slaveReadEnable",
                                                 "traceOn",
                                                 "traceTopicEnable",
                                                 "useTLS",
                                                 "autoCreateTopicEnable",
                                                 "autoCreateSubscriptionGroup"};

Json Chosen(const std::map<std::string, std::string>& settings) {
  Json::Object chosen;
  for (const std::string_view key : kKeys) {
    const auto at = settings.find(std::string(key));
    if (at != settings.end()) chosen.push_back({Json(at->first), Json(at->second)});
  }
  return Json(std::move(chosen));
}

Status RunExportConfigs(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const auto groups,
               client::GetBrokersOfCluster(context.admin, arguments.Text("clusterName")));
  Json::Object brokers;
  std::int64_t masters = 0;
  std::int64_t slaves = 0;
  for (const client::BrokerAddresses& group : groups) {
    slaves += static_cast<std::int64_t>(group.slaves.size());
    if (group.master.empty()) continue;
    ++masters;
    COMET_ASSIGN(const auto settings, client::GetBrokerConfig(context.admin, group.master));
    brokers.push_back({Json(group.name), Chosen(settings)});
  }
  const Json scale = Record({{"namesrvSize", context.admin.namesrv().size()},
                             {"masterBrokerSize", masters},
                             {"slaveBrokerSize", slaves}});
  return WriteExport(context, arguments, "configs.json",
                     Record({{"brokerConfigs", Cell("", Json(std::move(brokers)))},
                             {"clusterScale", Cell("", scale)}}));
}

}  // namespace

constinit const Command kExportConfigs{
    .name = "exportConfigs",
    .summary = "Writes the main settings of a cluster's brokers to a file.",
    .example = "mqadmin exportConfigs -n 192.168.0.1:9876 -c DefaultCluster -f /tmp/export",
    .options = kExportConfigsOptions,
    .effect = Effect::kReads,
    .run = &RunExportConfigs};

}  // namespace comet::cli
