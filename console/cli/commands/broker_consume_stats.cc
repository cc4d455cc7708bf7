#include <array>
#include <chrono>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kBrokerConsumeStatsOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kRequired, "Broker to ask, HOST:PORT"},
    Option{'t', "timeoutMillis", Takes::kValue, Must::kOptional,
           "How long to wait for the answer; 50000 ms unless given"},
    Option{'l', "level", Takes::kValue, Must::kOptional, "Only queues that lag so far or further"},
    Option{'o', "order", Takes::kValue, Must::kOptional, "true: only ordered topics"}};

constexpr std::array kBrokerConsumeStatsColumns{Column{"#Topic", "topic"},
                                                Column{"#Group", "group"},
                                                Column{"#Broker Name", "brokerName"},
                                                Column{"#QID", "queueId"},
                                                Column{"#Broker Offset", "brokerOffset"},
                                                Column{"#Consumer Offset", "consumerOffset"},
                                                Column{"#Diff", "diff"},
                                                Column{"#LastTime", "lastTimestamp"}};
constexpr TableForm kBrokerConsumeStatsQueues{
    "queues", "%-64s  %-64s  %-32s  %-4s  %-20s  %-20s  %-20s  %s\n",
    "%-64s  %-64s  %-32s  %-4s  %-20s  %-20s  %-20s  %s\n", kBrokerConsumeStatsColumns};

void PrintGroup(Context& context, const std::string& group, const wire::ConsumeStats& stats,
                std::int64_t level) {
  for (const auto& [queue, progress] : stats.offsets) {
    const std::int64_t diff = progress.broker_offset - progress.consumer_offset;
    if (diff < level || progress.last_timestamp_ms <= 0) continue;
    context.out.Add(kBrokerConsumeStatsQueues,
                    {Shortened(queue.topic, 64), Shortened(group, 64),
                     Shortened(queue.broker_name, 32), queue.queue_id, progress.broker_offset,
                     progress.consumer_offset, diff, Moment(progress.last_timestamp_ms)});
  }
}

Status RunBrokerConsumeStats(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const bool ordered, arguments.BoolOr("order", false));
  COMET_ASSIGN(const auto timeout_ms, arguments.NumberOr("timeoutMillis", 50'000, 1, 86'400'000));
  COMET_ASSIGN(const auto level, arguments.NumberOr("level", 0, 0, Arguments::kLongMax));
  COMET_ASSIGN(const wire::BrokerConsumeStats all,
               client::GetBrokerConsumeStats(context.admin, arguments.Text("brokerAddr"), ordered,
                                             std::chrono::milliseconds(timeout_ms)));
  context.out.Begin(kBrokerConsumeStatsQueues);
  for (const auto& table : all.groups) {
    for (const auto& [group, list] : table) {
      for (const wire::ConsumeStats& stats : list) PrintGroup(context, group, stats, level);
    }
  }
  context.out.Set("diffTotal", Json(all.total_diff),
                  Concat("\nDiff Total: ", all.total_diff, "\n"));
  return {};
}

}  // namespace

constinit const Command kBrokerConsumeStats{
    .name = "brokerConsumeStats",
    .summary = "Shows how far every group is on one broker.",
    .example = "mqadmin brokerConsumeStats -b 192.168.0.1:10911 -l 1000",
    .options = kBrokerConsumeStatsOptions,
    .effect = Effect::kReads,
    .run = &RunBrokerConsumeStats};

}  // namespace comet::cli
