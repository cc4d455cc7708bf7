#include "remoting/wire/requests/send_message.h"

#include <comet/client.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/tool_client.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

constexpr std::array kSendMessageOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to send to"},
    Option{'p', "body", Takes::kValue, Must::kRequired, "Text of the message"},
    Option{'k', "key", Takes::kValue, Must::kOptional, "Its keys, separated by blanks"},
    Option{'c', "tags", Takes::kValue, Must::kOptional, "Its tag"},
    Option{'b', "broker", Takes::kValue, Must::kOptional, "Only to this broker; needed with -i"},
    Option{'i', "qid", Takes::kValue, Must::kOptional, "Only to this queue"},
    Option{'m', "msgTraceEnable", Takes::kValue, Must::kOptional,
           "true: leave a trace of the message; not built in"}};

constexpr std::string_view kSendMessageLine = "%-32s  %-4s  %-20s    %s\n";
constexpr std::array kSendMessageColumns{
    Column{"#Broker Name", "brokerName"}, Column{"#QID", "queueId"},
    Column{"#Send Result", "sendStatus"}, Column{"#MsgId", "msgId"}};
constexpr TableForm kReceipts{"sent", kSendMessageLine, kSendMessageLine, kSendMessageColumns};

Message Build(const Arguments& arguments) {
  Message message(arguments.Text("topic"), arguments.Text("body"));
  if (arguments.Has("tags")) message.tag(arguments.Text("tags"));
  for (const std::string& key : SplitList(arguments.Text("key"), ' ')) message.key(key);
  return message;
}

StatusOr<SendReceipt> Send(Context& context, Message message, const std::optional<Queue>& queue) {
  COMET_ASSIGN(const std::shared_ptr<Client> client, ConnectClient(context));
  auto producer = client->producer(ProducerOptions{}.set_group("TOOLS_PRODUCER"));
  if (!producer) return ToStatus(producer.error());
  auto receipt =
      queue ? producer->send(std::move(message), *queue) : producer->send(std::move(message));
  if (!receipt) return ToStatus(receipt.error());
  return std::move(*receipt);
}

Status RunSendMessage(Context& context, const Arguments& arguments) {
  if (arguments.Has("qid") && !arguments.Has("broker")) {
    return Status(Status::Code::kInvalid, "a queue (-i) needs its broker (-b)");
  }
  COMET_ASSIGN(const bool trace, arguments.BoolOr("msgTraceEnable", false));
  if (trace) return Status(Status::Code::kInvalid, "--msgTraceEnable true is not supported");
  COMET_ASSIGN(const auto id, arguments.NumberOr("qid", -1, 0, Arguments::kIntMax));
  std::optional<Queue> queue;
  if (id >= 0) {
    queue = Queue{arguments.Text("topic"), arguments.Text("broker"), static_cast<int>(id)};
  }
  const std::string broker = arguments.Text("broker");
  Step step{wire::SendMessage::kName, broker.empty() ? "a broker of the topic" : broker,
            Concat("message of topic ", arguments.Text("topic"))};
  step.send = [&]() -> StatusOr<std::string> {
    COMET_ASSIGN(const SendReceipt receipt, Send(context, Build(arguments), queue));
    context.out.Begin(kReceipts);
    context.out.Add(kReceipts, {receipt.queue.broker, receipt.queue.id, StatusName(receipt.status),
                                receipt.message_id});
    return std::string();
  };
  return CarryOut(context, {step});
}

}  // namespace

constinit const Command kSendMessage{
    .name = "sendMessage",
    .summary = "Sends one message.",
    .example = "mqadmin sendMessage -n 192.168.0.1:9876 -t orders -p hello -k order-42",
    .options = kSendMessageOptions,
    .effect = Effect::kWrites,
    .run = &RunSendMessage};

}  // namespace comet::cli
