#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/offset_reset.h"

namespace comet::cli {
namespace {

constexpr std::array kSkipAccumulatedMessageOptions{
    Option{'g', "group", Takes::kValue, Must::kRequired, "Consumer group"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic whose messages it gives up"},
    Option{'f', "force", Takes::kValue, Must::kOptional, "false: never forwards"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

Status RunSkipAccumulatedMessage(Context& context, const Arguments& arguments) {
  ResetOrder order;
  order.query.group = arguments.Text("group");
  order.query.topic = arguments.Text("topic");
  order.cluster = arguments.Text("cluster");
  COMET_ASSIGN(order.query.force, arguments.BoolOr("force", true));
  ResetResult result;
  COMET_ASSIGN(const auto steps, ResetSteps(context, order, /*offline_only=*/false, &result));
  COMET_TRY(CarryOut(context, steps, order.query.group));
  if (!context.consent.dry_run) Print(context, result, /*rollback_head=*/true);
  return {};
}

}  // namespace

constinit const Command kSkipAccumulatedMessage{
    .name = "skipAccumulatedMessage",
    .summary = "Moves a consumer group to the end of a topic: it gives up what lies before.",
    .example = "mqadmin skipAccumulatedMessage -n 192.168.0.1:9876 -g billing -t orders",
    .options = kSkipAccumulatedMessageOptions,
    .effect = Effect::kDangerous,
    .run = &RunSkipAccumulatedMessage};

}  // namespace comet::cli
