#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/wire/names.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kTopicListOptions{
    Option{'c', "clusterModel", Takes::kNothing, Must::kOptional,
           "With the cluster and the consumer groups of each topic"}};

constexpr std::array kTopicColumns{Column{"", "topic"}};
constexpr TableForm kTopicListTopics{"", "", "%s\n", kTopicColumns};
constexpr std::array kClusterColumns{Column{"#Cluster Name", "clusterName"},
                                     Column{"#Topic", "topic"},
                                     Column{"#Consumer Group", "consumerGroup"}};
constexpr TableForm kClusterTopics{"", "%-20s  %-48s  %-48s\n", "%-20s  %-64s  %-64s\n",
                                   kClusterColumns};

// Clusters and groups of one topic; a topic without a group still has its line.
Status PrintTopic(Context& context, const std::string& topic) {
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, topic));
  COMET_ASSIGN(std::vector<std::string> groups,
               client::GetGroupsOfTopic(context.admin, route, topic));
  const std::string cluster = route.brokers.empty() ? "" : route.brokers.front().cluster;
  if (groups.empty()) groups.emplace_back();
  for (const std::string& group : groups) {
    context.out.Add(kClusterTopics,
                    {Shortened(cluster, 20), Shortened(topic, 64), Shortened(group, 64)});
  }
  return {};
}

Status RunTopicList(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::vector<std::string> topics, client::GetTopics(context.admin));
  if (!arguments.Has("clusterModel")) {
    context.out.Begin(kTopicListTopics);
    for (const std::string& topic : topics) context.out.Add(kTopicListTopics, {topic});
    return {};
  }
  context.out.Begin(kClusterTopics);
  for (const std::string& topic : topics) {
    if (wire::IsRetryTopic(topic) || wire::IsDlqTopic(topic)) continue;
    if (const Status status = PrintTopic(context, topic); !status.ok()) context.Complain(status);
  }
  return {};
}

}  // namespace

constinit const Command kTopicList{.name = "topicList",
                                   .summary = "Lists all topics.",
                                   .example = "mqadmin topicList -n 192.168.0.1:9876",
                                   .options = kTopicListOptions,
                                   .effect = Effect::kReads,
                                   .run = &RunTopicList};

}  // namespace comet::cli
