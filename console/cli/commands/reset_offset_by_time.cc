#include <array>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/offset_reset.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/reset_offset.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_message.h"

namespace comet::cli {
namespace {

constexpr std::array kResetOffsetByTimeOptions{
    Option{'g', "group", Takes::kValue, Must::kRequired, "Consumer group"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic in which it is moved"},
    Option{'s', "timestamp", Takes::kValue, Must::kRequired,
           "To this time: now, ms since 1970, or yyyy-MM-dd#HH:mm:ss:SSS; -1 is the end"},
    Option{'f', "force", Takes::kValue, Must::kOptional, "false: never forwards"},
    Option{'b', "broker", Takes::kValue, Must::kOptional, "With -q: broker, HOST:PORT"},
    Option{'q', "queue", Takes::kValue, Must::kOptional, "Only this queue of that broker"},
    Option{'o', "offset", Takes::kValue, Must::kOptional,
           "With -b and -q: to this offset instead of a time"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

// A broker of 4.x knows no queue in the request, and would reset all of them.
StatusOr<bool> ServesQueues(Context& context, const std::string& address) {
  COMET_ASSIGN(const auto info, client::GetRuntimeInfo(context.admin, address));
  const auto version = info.find("brokerVersionDesc");
  return version == info.end() || !version->second.starts_with("V4_");
}

Status SetQueue(Context& context, const std::string& address, const wire::MessageQueue& queue,
                const client::ResetQuery& query) {
  COMET_ASSIGN(const bool serves, ServesQueues(context, address));
  if (serves) {
    COMET_ASSIGN(const auto told, client::ResetOffsets(context.admin, address, query));
    if (told) return {};
  } else if (client::GetConsumerConnectionsAt(context.admin, address, query.group).ok()) {
    return Status(Status::Code::kInvalid,
                  Concat(address,
                         " is a 4.x broker, which cannot reset one queue of a group that "
                         "is online: leave out -q, or stop the group's clients"));
  }
  return client::SetOffset(context.admin, address, query.group, queue, *query.offset);
}

Status ResetQueue(Context& context, const Arguments& arguments, client::ResetQuery query) {
  const std::string address = arguments.Text("broker");
  COMET_ASSIGN(const auto id, arguments.NumberOr("queue", 0, 0, Arguments::kIntMax));
  query.queue_id = static_cast<std::int32_t>(id);
  COMET_ASSIGN(const std::string broker, client::GetBrokerName(context.admin, address));
  const wire::MessageQueue queue{query.topic, broker, query.queue_id};
  if (arguments.Has("offset")) {
    COMET_ASSIGN(query.offset, arguments.NumberOr("offset", 0, 0, Arguments::kLongMax));
  } else if (query.time_ms < 0) {
    COMET_ASSIGN(query.offset, client::GetQueueMax(context.admin, address, queue));
  } else {
    COMET_ASSIGN(query.offset, client::GetQueueAt(context.admin, address, queue, query.time_ms));
  }
  COMET_ASSIGN(const auto before, client::GetOffset(context.admin, address, query.group, queue));
  Step step{wire::ResetOffset::kName, address,
            Concat("offset of group ", query.group, " in topic ", query.topic)};
  step.differences.emplace();
  if (before != query.offset) {
    step.differences->push_back(
        {Concat(broker, ":", id), before ? Json(*before) : Json(), Json(*query.offset)});
  }
  step.send = [&]() -> StatusOr<std::string> {
    COMET_TRY(SetQueue(context, address, queue, query));
    context.out.Set("offset", Json(*query.offset), "");
    return Concat("start reset consumer offset by specified, group[", query.group, "], topic[",
                  query.topic, "], queueId[", id, "], broker[", address, "], timestamp(string)[",
                  arguments.Text("timestamp"), "], timestamp(long)[", query.time_ms,
                  "]\nreset consumer offset to ", *query.offset, "\n");
  };
  return CarryOut(context, {step});
}

Status ResetAll(Context& context, const Arguments& arguments, const client::ResetQuery& query) {
  ResetResult result;
  COMET_ASSIGN(const auto steps, ResetSteps(context, {query, arguments.Text("cluster")},
                                            /*offline_only=*/false, &result));
  COMET_TRY(CarryOut(context, steps));
  if (context.consent.dry_run) return {};
  if (result.rollbacks.empty()) {
    context.out.Say(Concat("start reset consumer offset by specified, group[", query.group,
                           "], topic[", query.topic, "], force[", query.force,
                           "], timestamp(string)[", arguments.Text("timestamp"),
                           "], timestamp(long)[", query.time_ms, "]\n"));
  }
  Print(context, result, /*rollback_head=*/false);
  return {};
}

Status RunResetOffsetByTime(Context& context, const Arguments& arguments) {
  if (arguments.Has("broker") != arguments.Has("queue")) {
    return Status(Status::Code::kInvalid, "a broker (-b) and a queue (-q) belong together");
  }
  if (arguments.Has("offset") && !arguments.Has("queue")) {
    return Status(Status::Code::kInvalid, "an offset (-o) needs its broker (-b) and queue (-q)");
  }
  client::ResetQuery query;
  query.group = arguments.Text("group");
  query.topic = arguments.Text("topic");
  COMET_ASSIGN(query.time_ms, ParseResetTime(arguments.Text("timestamp"), context.clock.WallNow()));
  COMET_ASSIGN(query.force, arguments.BoolOr("force", true));
  return arguments.Has("queue") ? ResetQueue(context, arguments, query)
                                : ResetAll(context, arguments, query);
}

}  // namespace

constinit const Command kResetOffsetByTime{
    .name = "resetOffsetByTime",
    .summary = "Moves a consumer group to a time, without restarting its clients.",
    .example = "mqadmin resetOffsetByTime -n 192.168.0.1:9876 -g billing -t orders -s now",
    .options = kResetOffsetByTimeOptions,
    .effect = Effect::kDangerous,
    .run = &RunResetOffsetByTime};

}  // namespace comet::cli
