#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/message_text.h"
#include "console/cli/queue_source.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kPrintMsgOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to read"},
    Option{'c', "charsetName", Takes::kValue, Must::kOptional,
           "Character set of the bodies; UTF-8 is the only one"},
    Option{'s', "subExpression", Takes::kValue, Must::kOptional,
           "Only messages with these tags: TagA || TagB"},
    Option{'b', "beginTimestamp", Takes::kValue, Must::kOptional,
           "From this store time: ms since 1970, or yyyy-MM-dd#HH:mm:ss:SSS"},
    Option{'e', "endTimestamp", Takes::kValue, Must::kOptional,
           "Before the first message of this store time, written alike"},
    Option{'d', "printBody", Takes::kValue, Must::kOptional, "false: without the bodies"},
    Option{'l', "lmqParentTopic", Takes::kValue, Must::kOptional,
           "Topic whose route is used, when the topic has none"}};

Status PrintQueue(Context& context, const Source& source, const Arguments& arguments,
                  bool with_body) {
  COMET_ASSIGN(const Range range, RangeOf(context, source, arguments));
  context.out.Say(Concat("minOffset=", range.begin, ", maxOffset=", range.end, ", ",
                         TextOf(source.queue), "\n"));
  const auto print = [&](const client::PulledMessages& pulled) {
    for (const client::StoredMessage& message : pulled.messages) {
      context.out.Append("", JsonOf(message), MessageLine(message, with_body));
    }
    if (pulled.state == client::PullState::kFound) return;
    const bool filtered = pulled.state == client::PullState::kNoMatchedMessage;
    context.out.Say(Concat(
        TextOf(source.queue), filtered ? " no matched msg." : " print msg finished.",
        " status=", client::PullStateName(pulled.state), ", offset=", pulled.next_offset, "\n"));
  };
  COMET_TRY(PullRange(context, source, range, arguments.TextOr("subExpression", "*"), print));
  context.out.Say("--------------------------------------------------------\n");
  return {};
}

Status RunPrintMsg(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  COMET_TRY(CheckCharset(arguments, "charsetName"));
  COMET_ASSIGN(const bool with_body, arguments.BoolOr("printBody", true));
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.TextOr("lmqParentTopic", topic)));
  COMET_ASSIGN(const auto sources, Sources(route, topic, "", {}));
  context.out.BeginList("");
  for (const Source& source : sources) {
    const Status status = PrintQueue(context, source, arguments, with_body);
    if (!status.ok()) context.Complain(status);
  }
  return {};
}

}  // namespace

constinit const Command kPrintMsg{.name = "printMsg",
                                  .summary = "Prints the messages of a topic.",
                                  .example = "mqadmin printMsg -n 192.168.0.1:9876 -t orders",
                                  .options = kPrintMsgOptions,
                                  .effect = Effect::kReads,
                                  .run = &RunPrintMsg};

}  // namespace comet::cli
