#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "sdk/src/admin_queue.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kConsumeTimeSpanOptions{
    Option{'g', "group", Takes::kValue, Must::kRequired, "Consumer group"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic"}};

constexpr std::array kConsumeTimeSpanColumns{
    Column{"#Broker Name", "brokerName"},        Column{"#QID", "queueId"},
    Column{"#Min Time", "minTimeStamp"},         Column{"#Max Time", "maxTimeStamp"},
    Column{"#Consume Time", "consumeTimeStamp"}, Column{"#Delay(ms)", "delayTime"}};
constexpr std::string_view kConsumeTimeSpanLine = "%-32s  %-4s  %-23s  %-23s  %-23s  %s\n";
constexpr TableForm kConsumeTimeSpanQueues{"", kConsumeTimeSpanLine, kConsumeTimeSpanLine,
                                           kConsumeTimeSpanColumns};

Cell Time(std::int64_t epoch_ms) {
  return epoch_ms > 0 ? Cell(HumanTimeMs(epoch_ms), Json(epoch_ms)) : Cell("N/A", Json());
}

Status RunConsumeTimeSpan(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, topic));
  COMET_ASSIGN(const wire::ConsumeTimeSpans spans,
               client::GetTimeSpans(context.admin, route, topic, arguments.Text("group")));
  context.out.Begin(kConsumeTimeSpanQueues);
  for (const auto& span : spans.queues) {
    context.out.Add(kConsumeTimeSpanQueues,
                    {span.queue.broker_name, span.queue.queue_id, Time(span.min_ms),
                     Time(span.max_ms), Time(span.consumed_ms), span.delay_ms});
  }
  return {};
}

}  // namespace

constinit const Command kConsumeTimeSpan{
    .name = "consumeTimeSpan",
    .summary = "Shows from when the messages of a topic are, and where a group stands in time.",
    .example = "mqadmin consumeTimeSpan -n 192.168.0.1:9876 -g billing -t orders",
    .options = kConsumeTimeSpanOptions,
    .effect = Effect::kReads,
    .run = &RunConsumeTimeSpan};

}  // namespace comet::cli
