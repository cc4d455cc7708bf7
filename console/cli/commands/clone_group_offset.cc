#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_offset.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kCloneGroupOffsetOptions{
    Option{'s', "srcGroup", Takes::kValue, Must::kRequired, "Group whose offsets are copied"},
    Option{'d', "destGroup", Takes::kValue, Must::kRequired, "Group that gets them"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic of the offsets"},
    Option{'o', "offline", Takes::kValue, Must::kOptional,
           "Of no consequence: offsets are copied whoever is online"}};

// One queue.
StatusOr<Step> CopyStep(Context& context, const std::string& address,
                        const wire::MessageQueue& queue, const std::string& group,
                        std::int64_t offset) {
  COMET_ASSIGN(const auto before, client::GetOffset(context.admin, address, group, queue));
  Step step{wire::UpdateConsumerOffset::kName, address,
            Concat("offset of group ", group, " in topic ", queue.topic)};
  step.differences.emplace();
  if (before != offset) {
    step.differences->push_back({Concat(queue.broker_name, ":", queue.queue_id),
                                 before ? Json(*before) : Json(), Json(offset)});
  }
  step.send = [&context, address, queue, group, offset]() -> StatusOr<std::string> {
    COMET_TRY(client::SetOffset(context.admin, address, group, queue, offset));
    return std::string();
  };
  return step;
}

Status RunCloneGroupOffset(Context& context, const Arguments& arguments) {
  const std::string from = arguments.Text("srcGroup");
  const std::string to = arguments.Text("destGroup");
  const std::string topic = arguments.Text("topic");
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, topic));
  COMET_ASSIGN(const wire::ConsumeStats stats, client::GetConsumeStats(context.admin, from, topic));
  std::vector<Step> steps;
  for (const auto& [queue, unused] : stats.offsets) {
    if (queue.topic != topic) continue;
    COMET_ASSIGN(const std::string address, client::AddressOf(route, queue.broker_name));
    // The figures show 0 for what was never consumed.
    COMET_ASSIGN(const auto offset, client::GetOffset(context.admin, address, from, queue));
    if (!offset) continue;
    COMET_ASSIGN(Step step, CopyStep(context, address, queue, to, *offset));
    steps.push_back(std::move(step));
  }
  if (steps.empty()) {
    return Status(Status::Code::kNotFound,
                  Concat("group ", from, " has consumed nothing of topic ", topic));
  }
  COMET_TRY(CarryOut(context, steps));
  if (context.consent.dry_run || context.partial) return {};
  context.out.Say(Concat("clone group offset success. srcGroup[", from, "], destGroup=[", to,
                         "], topic[", topic, "]\n"));
  return {};
}

}  // namespace

constinit const Command kCloneGroupOffset{
    .name = "cloneGroupOffset",
    .summary = "Gives a consumer group the offsets of another one.",
    .example = "mqadmin cloneGroupOffset -n 192.168.0.1:9876 -s billing -d audit -t orders",
    .options = kCloneGroupOffsetOptions,
    .effect = Effect::kWrites,
    .run = &RunCloneGroupOffset};

}  // namespace comet::cli
