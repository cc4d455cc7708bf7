#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/json_writer.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to look at"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

constexpr std::string_view kLine = "%-32s  %-4s  %-20s  %-20s    %s\n";

Status Run(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.TextOr("cluster", topic)));
  COMET_ASSIGN(const wire::TopicStatsTable stats,
               client::GetTopicStats(context.admin, route, topic));
  context.out << Row(kLine,
                     {"#Broker Name", "#QID", "#Min Offset", "#Max Offset", "#Last Updated"});
  for (const auto& [queue, offset] : stats.offsets) {
    const std::int64_t updated_ms = offset.last_update_ms;
    context.out << Row(kLine,
                       {Front(queue.broker_name, 32), Concat(queue.queue_id), Concat(offset.min),
                        Concat(offset.max), updated_ms > 0 ? HumanTimeMs(updated_ms) : ""});
  }
  std::string tps;
  AppendJsonNumber(&tps, stats.put_tps);
  context.out << "\nTopic Put TPS: " << tps << '\n';
  return {};
}

}  // namespace

constinit const Command kTopicStatus{
    "topicStatus", "Shows first and last offset of each queue of a topic.", kOptions, &Run};

}  // namespace comet::cli
