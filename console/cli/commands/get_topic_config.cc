#include <array>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/config_text.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kGetTopicConfigOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Broker to ask, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "Ask every master of this cluster"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to look at"}};

Status PrintGetTopicConfig(Context& context, const std::string& address, const std::string& topic) {
  COMET_ASSIGN(const auto config, client::GetTopicConfig(context.admin, address, topic));
  if (!config) {
    return Status(Status::Code::kNotFound, Concat(address, " has no topic ", topic));
  }
  context.out.Append("", Record({{"brokerAddr", address}, {"config", Cell("", JsonOf(*config))}}),
                     Concat(address, " ", TextOf(*config), "\n"));
  return {};
}

Status RunGetTopicConfig(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
  return ForEach(context, targets, [&](const Target& target) {
    return PrintGetTopicConfig(context, target.address, arguments.Text("topic"));
  });
}

}  // namespace

constinit const Command kGetTopicConfig{
    .name = "getTopicConfig",
    .summary = "Prints the settings of a topic as brokers have them.",
    .example = "mqadmin getTopicConfig -n 192.168.0.1:9876 -c DefaultCluster -t orders",
    .options = kGetTopicConfigOptions,
    .effect = Effect::kReads,
    .run = &RunGetTopicConfig};

}  // namespace comet::cli
