#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "console/cli/commands/all.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kQueryMsgByKeyOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic of the messages"},
    Option{'k', "msgKey", Takes::kValue, Must::kRequired, "One of the keys the producer gave it"},
    Option{'b', "beginTimestamp", Takes::kValue, Must::kOptional,
           "Not stored before, in ms since 1970"},
    Option{'e', "endTimestamp", Takes::kValue, Must::kOptional,
           "Not stored after, in ms since 1970"},
    Option{'m', "maxNum", Takes::kValue, Must::kOptional,
           "At most so many from each broker; 64 unless given"},
    Option{'p', "keyType", Takes::kValue, Must::kOptional,
           "K looks among keys (default), T among tags"},
    Option{'l', "lastKey", Takes::kValue, Must::kOptional, "Where a paged query goes on"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster to look in, when the topic has no route"}};

constexpr std::array kQueryMsgByKeyColumns{
    Column{"#Message ID", "msgId"}, Column{"#QID", "queueId"}, Column{"#Offset", "queueOffset"},
    Column{"#IndexKey", "indexKey"}};
constexpr std::string_view kQueryMsgByKeyLine = "%-50s %4s %40s %-200s\n";
constexpr TableForm kMessages{"", kQueryMsgByKeyLine, kQueryMsgByKeyLine, kQueryMsgByKeyColumns};

// Where a paged query goes on behind the message: hour of storing, topic, kind and text of the
// key, the sender's id, position in the log.
std::string IndexKey(const client::KeyQuery& query, const MessageView& view) {
  constexpr std::int64_t kHourMs = 3'600'000;
  const std::int64_t stored_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(view.store_time().time_since_epoch())
          .count();
  return Concat(stored_ms / kHourMs * kHourMs, "@", view.topic(), "@",
                query.index_type.empty() ? "K" : query.index_type, "@", query.key, "@", view.id(),
                "@", view.commit_log_offset());
}

Status RunQueryMsgByKey(Context& context, const Arguments& arguments) {
  client::KeyQuery query;
  query.topic = arguments.Text("topic");
  query.key = arguments.Text("msgKey");
  query.index_type = arguments.Text("keyType");
  query.last_key = arguments.Text("lastKey");
  if (!query.index_type.empty() && query.index_type != "K" && query.index_type != "T") {
    return Status(Status::Code::kInvalid,
                  "index type error, just support K for keys or T for tags");
  }
  COMET_ASSIGN(query.begin_ms, arguments.NumberOr("beginTimestamp", 0, 0, Arguments::kLongMax));
  COMET_ASSIGN(query.end_ms,
               arguments.NumberOr("endTimestamp", Arguments::kLongMax, 0, Arguments::kLongMax));
  COMET_ASSIGN(const std::int64_t max, arguments.NumberOr("maxNum", 64, 1, 10'000));
  query.max = static_cast<std::int32_t>(max);
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.TextOr("cluster", query.topic)));
  COMET_ASSIGN(const auto messages, client::GetMessagesByKey(context.admin, route, query));
  context.out.Begin(kMessages);
  for (const client::StoredMessage& message : messages) {
    context.out.Add(kMessages, {message.view.id(), message.view.queue().id,
                                message.view.queue_offset(), IndexKey(query, message.view)});
  }
  if (messages.empty()) {
    return Status(Status::Code::kNotFound,
                  Concat("no message of topic ", query.topic, " has the key ", query.key));
  }
  return {};
}

}  // namespace

constinit const Command kQueryMsgByKey{
    .name = "queryMsgByKey",
    .summary = "Finds messages by one of their keys.",
    .example = "mqadmin queryMsgByKey -n 192.168.0.1:9876 -t orders -k order-42",
    .options = kQueryMsgByKeyOptions,
    .effect = Effect::kReads,
    .run = &RunQueryMsgByKey};

}  // namespace comet::cli
