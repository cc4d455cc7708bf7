#include "remoting/wire/requests/update_broker_config.h"

#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateBrokerConfigOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Broker to change, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional,
           "Change the masters of this cluster"},
    Option{'a', "updateAllBroker", Takes::kValue, Must::kOptional, "true: with -c also the slaves"},
    Option{'k', "key", Takes::kValue, Must::kRequired, "Setting, spelled as in the conf file"},
    Option{'v', "value", Takes::kValue, Must::kRequired, "Its new value"}};

StatusOr<Step> StepOfUpdateBrokerConfig(Context& context, const std::string& address,
                                        const std::string& key, const std::string& value) {
  COMET_ASSIGN(auto settings, client::GetBrokerConfig(context.admin, address));
  const auto at = settings.find(key);
  Step step{wire::UpdateBrokerConfig::kName, address, "broker config"};
  step.differences = DifferencesOf(at == settings.end() ? Json() : Record({{key, at->second}}),
                                   Record({{key, value}}));
  step.send = [&context, address, key, value]() -> StatusOr<std::string> {
    COMET_TRY(client::SetBrokerConfig(context.admin, address, key, value));
    return Concat("update broker config success, ", address, "\n");
  };
  return step;
}

Status RunUpdateBrokerConfig(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::vector<Target> targets, arguments.Has("updateAllBroker")
                                                      ? BrokersOf(context, arguments)
                                                      : MastersOf(context, arguments));
  std::vector<Step> steps;
  for (const Target& target : targets) {
    COMET_ASSIGN(Step step, StepOfUpdateBrokerConfig(context, target.address, arguments.Text("key"),
                                                     arguments.Text("value")));
    steps.push_back(std::move(step));
  }
  return CarryOut(context, steps);
}

}  // namespace

constinit const Command kUpdateBrokerConfig{
    .name = "updateBrokerConfig",
    .summary = "Changes one setting of a running broker.",
    .example = "mqadmin updateBrokerConfig -b 192.168.0.1:10911 -k fileReservedTime -v 48",
    .options = kUpdateBrokerConfigOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateBrokerConfig};

}  // namespace comet::cli
