#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/message_text.h"
#include "console/cli/queue_source.h"
#include "console/cli/time_text.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::int64_t kBatch = 32;

constexpr std::array kConsumeMessageOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to read"},
    Option{'b', "brokerName", Takes::kValue, Must::kOptional,
           "Only the queues of this broker; needed with -i"},
    Option{'i', "queueId", Takes::kValue, Must::kOptional, "Only this queue"},
    Option{'o', "offset", Takes::kValue, Must::kOptional, "First position to read in that queue"},
    Option{'g', "consumerGroup", Takes::kValue, Must::kOptional,
           "Group in whose name to read; its offsets stay as they are"},
    Option{'s', "beginTimestamp", Takes::kValue, Must::kOptional,
           "From this store time: ms since 1970, or yyyy-MM-dd#HH:mm:ss:SSS"},
    Option{'e', "endTimestamp", Takes::kValue, Must::kOptional,
           "Up to this store time, written alike"},
    Option{'c', "MessageNumber", Takes::kValue, Must::kOptional, "Stop after so many messages"}};

// What was asked for, checked.
struct Wanted {
  std::string topic, broker, group;
  std::optional<std::int32_t> queue_id;
  std::int64_t offset = 0;
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
  std::int64_t count = 128;
};

Status Invalid(std::string message) {
  return Status(Status::Code::kInvalid, std::move(message));
}

StatusOr<Wanted> ReadWanted(const Arguments& arguments, WallMs now_ms) {
  Wanted wanted;
  wanted.topic = arguments.Text("topic");
  wanted.broker = arguments.Text("brokerName");
  wanted.group = arguments.TextOr("consumerGroup", wire::kToolsGroup);
  COMET_ASSIGN(wanted.count, arguments.NumberOr("MessageNumber", 128, 1, Arguments::kLongMax));
  if (arguments.Has("queueId") && wanted.broker.empty()) {
    return Invalid("a queue (-i) needs its broker (-b)");
  }
  if (arguments.Has("offset") && !arguments.Has("queueId")) {
    return Invalid("an offset (-o) needs its queue (-i)");
  }
  if (arguments.Has("queueId")) {
    COMET_ASSIGN(const auto id, arguments.NumberOr("queueId", 0, 0, Arguments::kIntMax));
    wanted.queue_id = static_cast<std::int32_t>(id);
  }
  COMET_ASSIGN(wanted.offset, arguments.NumberOr("offset", 0, 0, Arguments::kLongMax));
  COMET_ASSIGN(wanted.begin_ms, ParseTimeOr(arguments.Text("beginTimestamp"), 0));
  COMET_ASSIGN(wanted.end_ms, ParseTimeOr(arguments.Text("endTimestamp"), 0));
  if (wanted.begin_ms > now_ms) return Invalid("beginTimestamp (-s) lies in the future");
  if (wanted.end_ms > now_ms) return Invalid("endTimestamp (-e) lies in the future");
  if (wanted.end_ms > 0 && wanted.begin_ms > wanted.end_ms) {
    return Invalid("beginTimestamp (-s) lies behind endTimestamp (-e)");
  }
  return wanted;
}

// From `offset` to `last`, which is read too; behind the end of the queue there is nothing.
Status PrintRange(Context& context, const Source& source, const std::string& group,
                  std::int64_t offset, std::int64_t last) {
  while (offset <= last) {
    COMET_ASSIGN(
        const client::PulledMessages pulled,
        client::PullFrom(context.admin, source.address, source.queue, offset,
                         static_cast<std::int32_t>(std::min(kBatch, last - offset + 1)), group));
    if (pulled.state == client::PullState::kNoMatchedMessage) {
      context.out.Say(Concat(TextOf(source.queue),
                             " no matched msg. status=NO_MATCHED_MSG, offset=", pulled.next_offset,
                             "\n"));
    } else if (pulled.state != client::PullState::kFound) {
      context.out.Say(Concat(TextOf(source.queue),
                             " print msg finished. status=", client::PullStateName(pulled.state),
                             ", offset=", pulled.next_offset, "\n"));
      return {};
    } else {
      context.out.Say("Consume ok\n");
      for (const client::StoredMessage& message : pulled.messages) {
        context.out.Append("", JsonOf(message), MessageLine(message));
      }
    }
    if (pulled.next_offset <= offset) return {};  // nobody gets anywhere like this
    offset = pulled.next_offset;
  }
  return {};
}

// The oldest `left` messages of the queue that are wanted; returns how many remain.
StatusOr<std::int64_t> PrintQueue(Context& context, const Source& source, const Wanted& wanted,
                                  std::int64_t left) {
  COMET_ASSIGN(std::int64_t begin,
               client::GetQueueMin(context.admin, source.address, source.queue));
  COMET_ASSIGN(std::int64_t last, client::GetQueueMax(context.admin, source.address, source.queue));
  if (wanted.begin_ms > 0) {
    COMET_ASSIGN(begin,
                 client::GetQueueAt(context.admin, source.address, source.queue, wanted.begin_ms));
  }
  if (wanted.end_ms > 0) {
    COMET_ASSIGN(const std::int64_t until,
                 client::GetQueueAt(context.admin, source.address, source.queue, wanted.end_ms));
    last = std::min(last, until);
  }
  if (wanted.offset > last) {
    context.out.Say(Concat(TextOf(source.queue), " no matched msg, offset=", wanted.offset, "\n"));
    return left;
  }
  begin = std::max(begin, wanted.offset);
  const bool cut = last - begin > left;
  if (cut) {
    context.out.Say(wanted.queue_id ? Concat("The older ", left, " message will be provided\n")
                                    : Concat("The older ", left, " message of the ",
                                             source.queue.queue_id, " queue will be provided\n"));
    last = begin + left - 1;
  }
  COMET_TRY(PrintRange(context, source, wanted.group, begin, last));
  if (cut) return 0;
  return left - std::max<std::int64_t>(0, last - begin);
}

Status RunConsumeMessage(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const Wanted wanted, ReadWanted(arguments, context.clock.WallNow()));
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, wanted.topic));
  COMET_ASSIGN(const auto sources, Sources(route, wanted.topic, wanted.broker, wanted.queue_id));
  context.out.BeginList("");
  std::int64_t left = wanted.count;
  for (const Source& source : sources) {
    if (left == 0) break;
    COMET_ASSIGN(left, PrintQueue(context, source, wanted, left));
  }
  return {};
}

}  // namespace

constinit const Command kConsumeMessage{
    .name = "consumeMessage",
    .summary = "Reads messages and prints them.",
    .example = "mqadmin consumeMessage -n 192.168.0.1:9876 -t orders -b broker-a -i 0 -c 10",
    .options = kConsumeMessageOptions,
    .effect = Effect::kReads,
    .run = &RunConsumeMessage};

}  // namespace comet::cli
