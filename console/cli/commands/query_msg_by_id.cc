#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/message_text.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic of the message"},
    Option{'i', "msgId", Takes::kValue, Must::kRequired,
           "Id that the producer was given, or the broker's own"},
    Option{'f', "bodyFormat", Takes::kValue, Must::kOptional,
           "Character set in which the body is printed; UTF-8 is the only one"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

Status Run(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  COMET_TRY(CheckBodyFormat(arguments));
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.TextOr("cluster", topic)));
  for (const std::string& id : SplitList(arguments.Text("msgId"), ',')) {
    COMET_ASSIGN(const auto message, client::GetMessageById(context.admin, route, topic, id));
    COMET_TRY(PrintMessage(context, message, arguments.Has("bodyFormat")));
  }
  return {};
}

}  // namespace

constinit const Command kQueryMsgById{
    .name = "queryMsgById",
    .summary = "Finds a message by its id.",
    .example =
        "mqadmin queryMsgById -n 192.168.0.1:9876 -t orders -i 0A00000100002A9F0000000000012345",
    .options = kOptions,
    .effect = Effect::kReads,
    .run = &Run};

}  // namespace comet::cli
