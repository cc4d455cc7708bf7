#include <array>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "console/cli/targets.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kBrokerStatusOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Broker to ask, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "Ask every broker of this cluster"}};

Status PrintBrokerStatus(Context& context, const Target& target) {
  COMET_ASSIGN(const auto info, client::GetRuntimeInfo(context.admin, target.address));
  std::string text;
  for (const auto& [key, value] : info) {
    text += target.broker.empty() ? Row("%-32s: %s\n", {key, value})
                                  : Row("%-24s %-32s: %s\n", {target.address, key, value});
  }
  context.out.Append("",
                     Record({{"brokerAddr", target.address},
                             {"brokerName", target.broker},
                             {"status", Cell("", StringMap(info))}}),
                     text);
  return {};
}

Status RunBrokerStatus(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::vector<Target> targets, BrokersOf(context, arguments));
  return ForEach(context, targets,
                 [&](const Target& target) { return PrintBrokerStatus(context, target); });
}

}  // namespace

constinit const Command kBrokerStatus{.name = "brokerStatus",
                                      .summary = "Prints what running brokers tell of themselves.",
                                      .example = "mqadmin brokerStatus -b 192.168.0.1:10911",
                                      .options = kBrokerStatusOptions,
                                      .effect = Effect::kReads,
                                      .run = &RunBrokerStatus};

}  // namespace comet::cli
