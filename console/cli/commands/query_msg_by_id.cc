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
    Option{'t', "topic", Takes::kValue, Must::kRequired, "topic name"},
    Option{'i', "msgId", Takes::kValue, Must::kRequired, "Message Id"},
    Option{'f', "bodyFormat", Takes::kValue, Must::kOptional,
           "print message body by the specified format (UTF-8)"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster name or lmq parent topic, lmq is used to find the route."}};

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

constinit const Command kQueryMsgById{"queryMsgById", "Query Message by Id.", kOptions, &Run};

}  // namespace comet::cli
