#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/json_writer.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kTopicStatusOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to look at"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

constexpr std::array kTopicStatusColumns{
    Column{"#Broker Name", "brokerName"}, Column{"#QID", "queueId"},
    Column{"#Min Offset", "minOffset"}, Column{"#Max Offset", "maxOffset"},
    Column{"#Last Updated", "lastUpdateTimestamp"}};
constexpr std::string_view kTopicStatusLine = "%-32s  %-4s  %-20s  %-20s    %s\n";
constexpr TableForm kTopicStatusQueues{"queues", kTopicStatusLine, kTopicStatusLine,
                                       kTopicStatusColumns};

Status RunTopicStatus(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.TextOr("cluster", topic)));
  COMET_ASSIGN(const wire::TopicStatsTable stats,
               client::GetTopicStats(context.admin, route, topic));
  context.out.Begin(kTopicStatusQueues);
  for (const auto& [queue, offset] : stats.offsets) {
    const std::int64_t updated_ms = offset.last_update_ms;
    context.out.Add(kTopicStatusQueues,
                    {Shortened(queue.broker_name, 32), queue.queue_id, offset.min, offset.max,
                     Cell(updated_ms > 0 ? HumanTimeMs(updated_ms) : "", Json(updated_ms))});
  }
  std::string tps;
  AppendJsonNumber(&tps, stats.put_tps);
  context.out.Set("putTps", Json(stats.put_tps), Concat("\nTopic Put TPS: ", tps, "\n"));
  return {};
}

}  // namespace

constinit const Command kTopicStatus{
    .name = "topicStatus",
    .summary = "Shows first and last offset of each queue of a topic.",
    .example = "mqadmin topicStatus -n 192.168.0.1:9876 -t orders",
    .options = kTopicStatusOptions,
    .effect = Effect::kReads,
    .run = &RunTopicStatus};

}  // namespace comet::cli
