#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/message_text.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kQueryMsgByOffsetOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic of the message"},
    Option{'b', "brokerName", Takes::kValue, Must::kRequired, "Broker that has the queue"},
    Option{'i', "queueId", Takes::kValue, Must::kRequired, "Queue of the topic"},
    Option{'o', "offset", Takes::kValue, Must::kRequired, "Position in the queue"},
    Option{'f', "bodyFormat", Takes::kValue, Must::kOptional,
           "Character set in which the body is printed; UTF-8 is the only one"}};

Status RunQueryMsgByOffset(Context& context, const Arguments& arguments) {
  wire::MessageQueue queue;
  queue.topic = arguments.Text("topic");
  queue.broker_name = arguments.Text("brokerName");
  COMET_TRY(CheckCharset(arguments, "bodyFormat"));
  COMET_ASSIGN(const auto id, arguments.NumberOr("queueId", 0, 0, Arguments::kIntMax));
  COMET_ASSIGN(const auto offset, arguments.NumberOr("offset", 0, 0, Arguments::kLongMax));
  queue.queue_id = static_cast<std::int32_t>(id);
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, queue.topic));
  COMET_ASSIGN(const std::string address, client::AddressOf(route, queue.broker_name));
  COMET_ASSIGN(
      const client::PulledMessages pulled,
      client::PullFrom(context.admin, address, queue, offset, 1, std::string(wire::kToolsGroup)));
  if (pulled.messages.empty() || pulled.messages.front().view.queue_offset() != offset) {
    return Status(Status::Code::kNotFound,
                  Concat("no message at offset ", offset, " of queue ", id, " of ", queue.topic,
                         " on ", queue.broker_name, ": ", client::PullStateName(pulled.state)));
  }
  return PrintMessage(context, pulled.messages.front(), {.body = arguments.Has("bodyFormat")});
}

}  // namespace

constinit const Command kQueryMsgByOffset{
    .name = "queryMsgByOffset",
    .summary = "Finds a message by queue and offset.",
    .example = "mqadmin queryMsgByOffset -n 192.168.0.1:9876 -t orders -b broker-a -i 0 -o 18201",
    .options = kQueryMsgByOffsetOptions,
    .effect = Effect::kReads,
    .run = &RunQueryMsgByOffset};

}  // namespace comet::cli
