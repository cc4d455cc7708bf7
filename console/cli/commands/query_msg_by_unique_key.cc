#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/direct_consume.h"
#include "console/cli/message_text.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kQueryMsgByUniqueKeyOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic of the message"},
    Option{'i', "msgId", Takes::kValue, Must::kRequired, "Id that the producer was given"},
    Option{'g', "consumerGroup", Takes::kValue, Must::kOptional,
           "With -d: a client of this group consumes the message now"},
    Option{'d', "clientId", Takes::kValue, Must::kOptional, "That client"},
    Option{'a', "showAll", Takes::kNothing, Must::kOptional,
           "All messages with the id, at most 32 of each broker; otherwise the oldest"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

StatusOr<std::vector<client::StoredMessage>> Find(Context& context, const Arguments& arguments) {
  client::KeyQuery query;
  query.topic = arguments.Text("topic");
  query.key = arguments.Text("msgId");
  query.unique_key = true;
  query.end_ms = std::numeric_limits<std::int64_t>::max();
  query.max = 32;
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.TextOr("cluster", query.topic)));
  COMET_ASSIGN(auto messages, client::GetMessagesByKey(context.admin, route, query));
  if (messages.empty()) {
    return Status(Status::Code::kNotFound,
                  Concat("no message ", query.key, " in topic ", query.topic));
  }
  std::stable_sort(messages.begin(), messages.end(), [](const auto& a, const auto& b) {
    return a.view.store_time() < b.view.store_time();
  });
  if (!arguments.Has("showAll")) messages.erase(messages.begin() + 1, messages.end());
  return messages;
}

Status RunQueryMsgByUniqueKey(Context& context, const Arguments& arguments) {
  if (arguments.Has("consumerGroup") != arguments.Has("clientId")) {
    return Status(Status::Code::kInvalid, "a group (-g) and a client (-d) belong together");
  }
  COMET_ASSIGN(const auto messages, Find(context, arguments));
  if (arguments.Has("clientId")) {
    COMET_ASSIGN(const Step step,
                 DirectConsumeStep(context, messages.front(), arguments.Text("consumerGroup"),
                                   arguments.Text("clientId")));
    return CarryOut(context, {step});
  }
  for (const client::StoredMessage& message : messages) {
    COMET_TRY(PrintMessage(context, message, {.offset_id = false}));
  }
  return {};
}

}  // namespace

constinit const Command kQueryMsgByUniqueKey{
    .name = "queryMsgByUniqueKey",
    .summary = "Finds a message by the id that its producer was given.",
    .example =
        "mqadmin queryMsgByUniqueKey -n 192.168.0.1:9876 -t orders -i "
        "0A00000137A4018B4AAC04D2A1B20001",
    .options = kQueryMsgByUniqueKeyOptions,
    .effect = Effect::kWrites,
    .run = &RunQueryMsgByUniqueKey};

}  // namespace comet::cli
