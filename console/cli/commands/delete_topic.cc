#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{Option{'t', "topic", Takes::kValue, Must::kRequired,
                                     "Topic to delete, with its messages and offsets"},
                              Option{'c', "clusterName", Takes::kValue, Must::kRequired,
                                     "Cluster on whose brokers it is deleted"}};

Status Run(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  const std::string cluster = arguments.Text("clusterName");
  COMET_ASSIGN(const auto groups, client::GetBrokersOfCluster(context.admin, cluster));
  for (const client::BrokerAddresses& group : groups) {
    if (group.master.empty()) continue;
    COMET_TRY(client::DeleteTopic(context.admin, group.master, topic));
  }
  context.out << "delete topic [" << topic << "] from cluster [" << cluster << "] success.\n";
  COMET_TRY(client::DeleteTopicRoute(context.admin, topic, cluster));
  context.out << "delete topic [" << topic << "] from NameServer success.\n";
  return {};
}

}  // namespace

constinit const Command kDeleteTopic{
    "deleteTopic", "Deletes a topic from brokers and name servers.", kOptions, &Run};

}  // namespace comet::cli
