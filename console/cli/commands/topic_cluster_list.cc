#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "console/cli/commands/all.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kTopicClusterListOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to look up"}};
constexpr std::array kTopicClusterListColumns{Column{"", "clusterName"}};
constexpr TableForm kClusters{"", "", "%s\n", kTopicClusterListColumns};

Status RunTopicClusterList(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.Text("topic")));
  std::set<std::string> clusters;
  for (const wire::BrokerData& broker : route.brokers) clusters.insert(broker.cluster);
  context.out.Begin(kClusters);
  for (const std::string& cluster : clusters) context.out.Add(kClusters, {cluster});
  return {};
}

}  // namespace

constinit const Command kTopicClusterList{
    .name = "topicClusterList",
    .summary = "Lists the clusters that have a topic.",
    .example = "mqadmin topicClusterList -n 192.168.0.1:9876 -t orders",
    .options = kTopicClusterListOptions,
    .effect = Effect::kReads,
    .run = &RunTopicClusterList};

}  // namespace comet::cli
