#include "remoting/wire/requests/delete_topic.h"

#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/delete_topic_route.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kDeleteTopicOptions{Option{'t', "topic", Takes::kValue, Must::kRequired,
                                                "Topic to delete, with its messages and offsets"},
                                         Option{'c', "clusterName", Takes::kValue, Must::kRequired,
                                                "Cluster on whose brokers it is deleted"}};

StatusOr<Step> DeleteOnBroker(Context& context, const std::string& address,
                              const std::string& topic) {
  COMET_ASSIGN(const auto config, client::GetTopicConfig(context.admin, address, topic));
  Step step{wire::DeleteTopic::kName, address, Concat("topic ", topic)};
  step.differences = DifferencesOf(config ? JsonOf(*config) : Json(), Json());
  step.send = [&context, address, topic]() -> StatusOr<std::string> {
    COMET_TRY(client::DeleteTopic(context.admin, address, topic));
    return std::string();
  };
  return step;
}

// Both lines of the success come with the route, when every broker has done its part.
Step DeleteRoute(Context& context, const std::string& topic, const std::string& cluster) {
  Step step{wire::DeleteTopicRoute::kName, Joined(context.admin.namesrv(), ";"),
            Concat("route of topic ", topic, " in cluster ", cluster)};
  step.after_success = true;
  step.send = [&context, topic, cluster]() -> StatusOr<std::string> {
    context.out.Say(Concat("delete topic [", topic, "] from cluster [", cluster, "] success.\n"));
    COMET_TRY(client::DeleteTopicRoute(context.admin, topic, cluster));
    return Concat("delete topic [", topic, "] from NameServer success.\n");
  };
  return step;
}

// Says on stderr who reads the topic: with it they lose their work. A topic without a route has
// nobody, and what cannot be found out does not stop a deletion.
void ShowReaders(Context& context, const std::string& topic) {
  const auto route = client::GetRoute(context.admin, topic);
  if (!route.ok()) return;
  const auto groups = client::GetGroupsOfTopic(context.admin, *route, topic);
  if (!groups.ok()) return;
  for (const std::string& group : *groups) {
    const auto clients = client::GetConsumerConnections(context.admin, group);
    const auto stats = client::GetConsumeStats(context.admin, group, topic);
    std::int64_t lag = 0;
    if (stats.ok()) {
      for (const auto& [queue, progress] : stats->offsets) {
        lag += progress.broker_offset - progress.consumer_offset;
      }
    }
    context.err << Concat("group ", group,
                          " reads it: ", clients.ok() ? clients->connections.size() : 0,
                          " clients online, lag ", lag, "\n");
  }
}

Status RunDeleteTopic(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  const std::string cluster = arguments.Text("clusterName");
  COMET_ASSIGN(const auto groups, client::GetBrokersOfCluster(context.admin, cluster));
  std::vector<Step> steps;
  for (const client::BrokerAddresses& group : groups) {
    if (group.master.empty()) continue;
    COMET_ASSIGN(Step step, DeleteOnBroker(context, group.master, topic));
    steps.push_back(std::move(step));
  }
  steps.push_back(DeleteRoute(context, topic, cluster));
  ShowReaders(context, topic);
  return CarryOut(context, steps, topic);
}

}  // namespace

constinit const Command kDeleteTopic{
    .name = "deleteTopic",
    .summary = "Deletes a topic from brokers and name servers.",
    .example = "mqadmin deleteTopic -n 192.168.0.1:9876 -c DefaultCluster -t orders",
    .options = kDeleteTopicOptions,
    .effect = Effect::kDangerous,
    .run = &RunDeleteTopic};

}  // namespace comet::cli
