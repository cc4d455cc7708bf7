#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Broker to ask, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "Ask every broker of this cluster"}};

Status Print(Context& context, const std::string& heading, const std::string& address) {
  COMET_ASSIGN(const auto settings, client::GetBrokerConfig(context.admin, address));
  context.out << "============" << heading << "============\n";
  if (settings.empty()) {
    context.out << "Broker[" << address << "] has no config property!\n";
    return {};
  }
  for (const auto& [key, value] : settings) context.out << Row("%-50s=  %s\n", {key, value});
  context.out << '\n';
  return {};
}

Status PrintGroup(Context& context, const client::BrokerAddresses& group) {
  COMET_TRY(Print(context, Concat("Master: ", group.master), group.master));
  for (const std::string& slave : group.slaves) {
    COMET_TRY(Print(context, Concat("My Master: ", group.master, "=====Slave: ", slave), slave));
  }
  return {};
}

Status Run(Context& context, const Arguments& arguments) {
  COMET_TRY(arguments.ExactlyOne("brokerAddr", "clusterName"));
  if (arguments.Has("brokerAddr")) {
    const std::string address = arguments.Text("brokerAddr");
    return Print(context, address, address);
  }
  COMET_ASSIGN(const auto groups,
               client::GetBrokersOfCluster(context.admin, arguments.Text("clusterName")));
  for (const client::BrokerAddresses& group : groups) {
    if (const Status status = PrintGroup(context, group); !status.ok()) context.Complain(status);
  }
  return {};
}

}  // namespace

constinit const Command kGetBrokerConfig{.name = "getBrokerConfig",
                                         .summary = "Prints the settings of running brokers.",
                                         .example = "mqadmin getBrokerConfig -b 192.168.0.1:10911",
                                         .options = kOptions,
                                         .effect = Effect::kReads,
                                         .run = &Run};

}  // namespace comet::cli
