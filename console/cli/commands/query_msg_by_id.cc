#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/direct_consume.h"
#include "console/cli/message_text.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/requests/send_message.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_send.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kQueryMsgByIdOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic of the message"},
    Option{'i', "msgId", Takes::kValue, Must::kRequired,
           "Ids that producers were given, or the broker's own; several with commas"},
    Option{'g', "consumerGroup", Takes::kValue, Must::kOptional,
           "With -d: a client of this group consumes the message now"},
    Option{'d', "clientId", Takes::kValue, Must::kOptional, "That client"},
    Option{'s', "sendMessage", Takes::kValue, Must::kOptional,
           "true: send the message again, as a new one"},
    Option{'u', "unitName", Takes::kValue, Must::kOptional,
           "Unit of the sender; of no consequence for the message"},
    Option{'f', "bodyFormat", Takes::kValue, Must::kOptional,
           "Character set in which the body is printed; UTF-8 is the only one"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

using Messages = std::vector<client::StoredMessage>;

Status Show(Context& context, const Messages& messages, bool body) {
  for (const client::StoredMessage& message : messages) {
    COMET_TRY(PrintMessage(context, message, {.body = body}));
  }
  return {};
}

Status Push(Context& context, const Messages& messages, const Arguments& arguments) {
  std::vector<Step> steps;
  for (const client::StoredMessage& message : messages) {
    COMET_ASSIGN(Step step, DirectConsumeStep(context, message, arguments.Text("consumerGroup"),
                                              arguments.Text("clientId")));
    steps.push_back(std::move(step));
  }
  return CarryOut(context, steps);
}

// A queue of the topic that can be written to.
StatusOr<wire::MessageQueue> TargetOf(const wire::TopicRouteData& route,
                                      const client::StoredMessage& message) {
  for (const wire::QueueData& queues : route.queues) {
    if (!wire::perm::IsWritable(queues.perm) || queues.write_queues < 1) continue;
    return wire::MessageQueue{std::string(message.view.topic()), queues.broker_name,
                              message.view.queue().id % queues.write_queues};
  }
  return Status(Status::Code::kNotFound,
                Concat("topic ", message.view.topic(), " has no queue that can be written to"));
}

StatusOr<Step> ResendStep(Context& context, const wire::TopicRouteData& route,
                          const client::StoredMessage& message) {
  COMET_ASSIGN(const wire::MessageQueue queue, TargetOf(route, message));
  COMET_ASSIGN(const std::string address, client::AddressOf(route, queue.broker_name));
  Step step{wire::SendMessage::kName, address,
            Concat("message ", message.view.id(), " once more to topic ", queue.topic)};
  step.send = [&context, &message, address, queue]() -> StatusOr<std::string> {
    COMET_ASSIGN(
        const client::Resent sent,
        client::SendAgain(context.admin, address, queue, message.view, context.clock.WallNow()));
    return Concat("prepare resend msg. originalMsgId=", message.view.id(),
                  "SendResult [sendStatus=", sent.status, ", msgId=", message.view.id(),
                  ", offsetMsgId=", sent.offset_id,
                  ", messageQueue=MessageQueue [topic=", queue.topic,
                  ", brokerName=", queue.broker_name, ", queueId=", sent.queue_id,
                  "], queueOffset=", sent.queue_offset, ", recallHandle=null]\n");
  };
  return step;
}

Status Resend(Context& context, const wire::TopicRouteData& route, const Messages& messages) {
  std::vector<Step> steps;
  for (const client::StoredMessage& message : messages) {
    COMET_ASSIGN(Step step, ResendStep(context, route, message));
    steps.push_back(std::move(step));
  }
  return CarryOut(context, steps);
}

Status RunQueryMsgById(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  COMET_TRY(CheckCharset(arguments, "bodyFormat"));
  COMET_ASSIGN(const bool resends, arguments.BoolOr("sendMessage", false));
  if (arguments.Has("consumerGroup") != arguments.Has("clientId")) {
    return Status(Status::Code::kInvalid, "a group (-g) and a client (-d) belong together");
  }
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.TextOr("cluster", topic)));
  Messages messages;
  for (const std::string& id : SplitList(arguments.Text("msgId"), ',')) {
    COMET_ASSIGN(auto message, client::GetMessageById(context.admin, route, topic, id));
    messages.push_back(std::move(message));
  }
  if (arguments.Has("clientId")) return Push(context, messages, arguments);
  if (resends) return Resend(context, route, messages);
  return Show(context, messages, arguments.Has("bodyFormat"));
}

}  // namespace

constinit const Command kQueryMsgById{
    .name = "queryMsgById",
    .summary = "Finds messages by their ids; can send them again or to a client.",
    .example =
        "mqadmin queryMsgById -n 192.168.0.1:9876 -t orders -i 0A00000100002A9F0000000000012345",
    .options = kQueryMsgByIdOptions,
    .effect = Effect::kWrites,
    .run = &RunQueryMsgById};

}  // namespace comet::cli
