#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/offset_reset.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

constexpr std::array kResetOffsetByTimeOldOptions{
    Option{'g', "group", Takes::kValue, Must::kRequired, "Consumer group"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic in which it is moved"},
    Option{'s', "timestamp", Takes::kValue, Must::kRequired,
           "To this time: now, ms since 1970, or yyyy-MM-dd#HH:mm:ss:SSS; -1 is the end"},
    Option{'f', "force", Takes::kValue, Must::kOptional, "false: never forwards"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

Status RunResetOffsetByTimeOld(Context& context, const Arguments& arguments) {
  ResetOrder order;
  order.query.group = arguments.Text("group");
  order.query.topic = arguments.Text("topic");
  order.cluster = arguments.Text("cluster");
  COMET_ASSIGN(order.query.time_ms,
               ParseResetTime(arguments.Text("timestamp"), context.clock.WallNow()));
  COMET_ASSIGN(order.query.force, arguments.BoolOr("force", true));
  ResetResult result;
  COMET_ASSIGN(const auto steps, ResetSteps(context, order, /*offline_only=*/true, &result));
  COMET_TRY(CarryOut(context, steps));
  if (!context.consent.dry_run) Print(context, result, /*rollback_head=*/false);
  return {};
}

}  // namespace

constinit const Command kResetOffsetByTimeOld{
    .name = "resetOffsetByTimeOld",
    .summary = "Moves a consumer group whose clients are stopped to a time.",
    .example = "mqadmin resetOffsetByTimeOld -n 192.168.0.1:9876 -g billing -t orders -s now",
    .options = kResetOffsetByTimeOldOptions,
    .effect = Effect::kDangerous,
    .run = &RunResetOffsetByTimeOld};

}  // namespace comet::cli
