#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/config_text.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kGetConsumerConfigOptions{
    Option{'g', "groupName", Takes::kValue, Must::kRequired, "Consumer group"}};

std::string ClusterOf(const wire::ClusterInfo& info, const std::string& broker) {
  for (const auto& [cluster, brokers] : info.clusters) {
    for (const std::string& name : brokers) {
      if (name == broker) return cluster;
    }
  }
  return "null";
}

Status RunGetConsumerConfig(Context& context, const Arguments& arguments) {
  const std::string group = arguments.Text("groupName");
  COMET_ASSIGN(const wire::ClusterInfo info, client::GetCluster(context.admin));
  bool found = false;
  for (const auto& [name, broker] : info.brokers) {
    const std::string address = client::AddressOf(broker);
    if (address.empty()) continue;
    const auto groups = client::GetGroups(context.admin, address);
    if (!groups.ok()) {
      context.Complain(groups.error());
      continue;
    }
    const auto at = groups->find(group);
    if (at == groups->end()) continue;
    found = true;
    const std::string cluster = ClusterOf(info, name);
    std::string text = Concat("=============================", cluster, ":", name,
                              "=============================\n");
    for (const auto& [field, value] : FieldsOf(at->second)) {
      text += Row("%-40s=  %s\n", {field, value});
    }
    context.out.Append("",
                       Record({{"clusterName", cluster},
                               {"brokerName", name},
                               {"config", Cell("", JsonOf(at->second))}}),
                       text);
  }
  if (found || context.partial) return {};
  return Status(Status::Code::kNotFound, Concat("no broker has a group ", group));
}

}  // namespace

constinit const Command kGetConsumerConfig{
    .name = "getConsumerConfig",
    .summary = "Shows the settings of a consumer group on every broker.",
    .example = "mqadmin getConsumerConfig -n 192.168.0.1:9876 -g billing",
    .options = kGetConsumerConfigOptions,
    .effect = Effect::kReads,
    .run = &RunGetConsumerConfig};

}  // namespace comet::cli
