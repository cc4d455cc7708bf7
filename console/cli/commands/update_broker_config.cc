#include <array>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Broker to change, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional,
           "Change the masters of this cluster"},
    Option{'a', "updateAllBroker", Takes::kValue, Must::kOptional, "true: with -c also the slaves"},
    Option{'k', "key", Takes::kValue, Must::kRequired, "Setting, spelled as in the conf file"},
    Option{'v', "value", Takes::kValue, Must::kRequired, "Its new value"}};

Status Run(Context& context, const Arguments& arguments) {
  COMET_TRY(arguments.ExactlyOne("brokerAddr", "clusterName"));
  const std::string key = arguments.Text("key");
  const std::string value = arguments.Text("value");
  if (arguments.Has("brokerAddr")) {
    const std::string address = arguments.Text("brokerAddr");
    COMET_TRY(client::SetBrokerConfig(context.admin, address, key, value));
    context.out << "update broker config success, " << address << '\n';
    return {};
  }
  COMET_ASSIGN(const auto groups,
               client::GetBrokersOfCluster(context.admin, arguments.Text("clusterName")));
  for (const client::BrokerAddresses& group : groups) {
    std::vector<std::string> addresses{group.master};
    if (arguments.Has("updateAllBroker")) {
      addresses.insert(addresses.end(), group.slaves.begin(), group.slaves.end());
    }
    for (const std::string& address : addresses) {
      const Status status = client::SetBrokerConfig(context.admin, address, key, value);
      if (status.ok()) context.out << "update broker config success, " << address << '\n';
      if (!status.ok()) context.Complain(status);
    }
  }
  return {};
}

}  // namespace

constinit const Command kUpdateBrokerConfig{
    .name = "updateBrokerConfig",
    .summary = "Changes one setting of a running broker.",
    .example = "mqadmin updateBrokerConfig -b 192.168.0.1:10911 -k fileReservedTime -v 48",
    .options = kOptions,
    .effect = Effect::kWrites,
    .run = &Run};

}  // namespace comet::cli
