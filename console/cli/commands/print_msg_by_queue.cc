#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/message_text.h"
#include "console/cli/queue_source.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kPrintMsgByQueueOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to read"},
    Option{'a', "brokerName", Takes::kValue, Must::kRequired, "Broker that has the queue"},
    Option{'i', "queueId", Takes::kValue, Must::kRequired, "Queue of the topic"},
    Option{'c', "charsetName", Takes::kValue, Must::kOptional,
           "Character set of the bodies; UTF-8 is the only one"},
    Option{'s', "subExpression", Takes::kValue, Must::kOptional,
           "Only messages with these tags: TagA || TagB"},
    Option{'b', "beginTimestamp", Takes::kValue, Must::kOptional,
           "From this store time: ms since 1970, or yyyy-MM-dd#HH:mm:ss:SSS"},
    Option{'e', "endTimestamp", Takes::kValue, Must::kOptional,
           "Before the first message of this store time, written alike"},
    Option{'p', "print", Takes::kValue, Must::kOptional, "true: print the messages"},
    Option{'d', "printBody", Takes::kValue, Must::kOptional, "true: with their bodies"},
    Option{'f', "calculate", Takes::kValue, Must::kOptional, "true: count them by tag"}};

constexpr std::array kPrintMsgByQueueColumns{Column{"", "tag"}, Column{"", "count"}};
constexpr TableForm kTags{"tags", "", "Tag: %-30s Count: %s\n", kPrintMsgByQueueColumns};

using Counts = std::map<std::string, std::int64_t>;

// The most frequent first.
void PrintCounts(Context& context, const Counts& counts) {
  std::vector<std::pair<std::string, std::int64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  context.out.Begin(kTags);
  for (const auto& [tag, count] : sorted) context.out.Add(kTags, {tag, count});
}

Status RunPrintMsgByQueue(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  COMET_TRY(CheckCharset(arguments, "charsetName"));
  COMET_ASSIGN(const bool prints, arguments.BoolOr("print", false));
  COMET_ASSIGN(const bool with_body, arguments.BoolOr("printBody", false));
  COMET_ASSIGN(const bool counts_tags, arguments.BoolOr("calculate", false));
  COMET_ASSIGN(const auto id, arguments.NumberOr("queueId", 0, 0, Arguments::kIntMax));
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, topic));
  COMET_ASSIGN(const auto sources,
               Sources(route, topic, arguments.Text("brokerName"), static_cast<std::int32_t>(id)));
  COMET_ASSIGN(const Range range, RangeOf(context, sources.front(), arguments));
  Counts counts;
  const auto print = [&](const client::PulledMessages& pulled) {
    for (const client::StoredMessage& message : pulled.messages) {
      if (!message.view.tag().empty()) ++counts[std::string(message.view.tag())];
      if (!prints) continue;
      context.out.Append("messages", JsonOf(message), MessageLine(message, with_body));
    }
  };
  COMET_TRY(
      PullRange(context, sources.front(), range, arguments.TextOr("subExpression", "*"), print));
  if (counts_tags) PrintCounts(context, counts);
  return {};
}

}  // namespace

constinit const Command kPrintMsgByQueue{
    .name = "printMsgByQueue",
    .summary = "Prints the messages of one queue, or counts them by tag.",
    .example = "mqadmin printMsgByQueue -n 192.168.0.1:9876 -t orders -a broker-a -i 0 -f true",
    .options = kPrintMsgByQueueOptions,
    .effect = Effect::kReads,
    .run = &RunPrintMsgByQueue};

}  // namespace comet::cli
