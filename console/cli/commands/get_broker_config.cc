#include <array>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kGetBrokerConfigOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Broker to ask, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "Ask every broker of this cluster"}};

std::string HeadingOf(const Target& target) {
  if (target.broker.empty()) return target.address;
  if (target.master.empty()) return Concat("Master: ", target.address);
  return Concat("My Master: ", target.master, "=====Slave: ", target.address);
}

Status PrintGetBrokerConfig(Context& context, const Target& target) {
  COMET_ASSIGN(const auto settings, client::GetBrokerConfig(context.admin, target.address));
  std::string text = Concat("============", HeadingOf(target), "============\n");
  if (settings.empty()) {
    text += Concat("Broker[", target.address, "] has no config property!\n");
  } else {
    for (const auto& [key, value] : settings) text += Row("%-50s=  %s\n", {key, value});
    text += '\n';
  }
  context.out.Append("",
                     Record({{"brokerAddr", target.address},
                             {"brokerName", target.broker},
                             {"config", Cell("", StringMap(settings))}}),
                     text);
  return {};
}

Status RunGetBrokerConfig(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::vector<Target> targets, BrokersOf(context, arguments));
  return ForEach(context, targets,
                 [&](const Target& target) { return PrintGetBrokerConfig(context, target); });
}

}  // namespace

constinit const Command kGetBrokerConfig{.name = "getBrokerConfig",
                                         .summary = "Prints the settings of running brokers.",
                                         .example = "mqadmin getBrokerConfig -b 192.168.0.1:10911",
                                         .options = kGetBrokerConfigOptions,
                                         .effect = Effect::kReads,
                                         .run = &RunGetBrokerConfig};

}  // namespace comet::cli
