#include "remoting/wire/requests/send_message.h"

#include <comet/client.h>

#include <array>
#include <limits>
#include <string>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_calls.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to send to"},
    Option{'p', "body", Takes::kValue, Must::kRequired, "Text of the message"},
    Option{'k', "key", Takes::kValue, Must::kOptional, "Its keys, separated by blanks"},
    Option{'c', "tags", Takes::kValue, Must::kOptional, "Its tag"},
    Option{'b', "broker", Takes::kValue, Must::kOptional, "Only to this broker; needed with -i"},
    Option{'i', "qid", Takes::kValue, Must::kOptional, "Only to this queue"},
    Option{'m', "msgTraceEnable", Takes::kValue, Must::kOptional,
           "true: leave a trace of the message; not built in"}};

constexpr std::string_view kLine = "%-32s  %-4s  %-20s    %s\n";
constexpr std::array kColumns{Column{"#Broker Name", "brokerName"}, Column{"#QID", "queueId"},
                              Column{"#Send Result", "sendStatus"}, Column{"#MsgId", "msgId"}};
constexpr TableForm kReceipts{"sent", kLine, kLine, kColumns};

Status ToStatus(const Error& error) {
  switch (error.code()) {
    case Errc::timeout:
      return Status(Status::Code::kTimeout, error.message());
    case Errc::no_route:
    case Errc::topic_not_found:
      return Status(Status::Code::kNotFound, error.message());
    case Errc::not_connected:
    case Errc::closed:
      return Status(Status::Code::kUnavailable, error.message());
    case Errc::invalid_argument:
    case Errc::message_too_large:
      return Status(Status::Code::kInvalid, error.message());
    default:
      return Status(Status::Code::kIo, error.message());
  }
}

std::string_view StatusName(SendStatus status) {
  switch (status) {
    case SendStatus::ok:
      return "SEND_OK";
    case SendStatus::flush_disk_timeout:
      return "FLUSH_DISK_TIMEOUT";
    case SendStatus::flush_slave_timeout:
      return "FLUSH_SLAVE_TIMEOUT";
    case SendStatus::slave_not_available:
      break;
  }
  return "SLAVE_NOT_AVAILABLE";
}

Message Build(const Arguments& arguments) {
  Message message(arguments.Text("topic"), arguments.Text("body"));
  if (arguments.Has("tags")) message.tag(arguments.Text("tags"));
  for (const std::string& key : SplitList(arguments.Text("key"), ' ')) message.key(key);
  return message;
}

Result<SendReceipt> Send(const std::string& namesrv, Message message,
                         const std::optional<Queue>& queue) {
  ClientOptions options;
  options.namesrv = namesrv;
  options.log = [](Severity, std::string_view, std::string_view) {
  };  // the result says it all
  auto client = comet::Client::connect(std::move(options));
  if (!client) return client.error();
  auto producer = (*client)->producer(ProducerOptions{}.set_group("TOOLS_PRODUCER"));
  if (!producer) return producer.error();
  return queue ? producer->send(std::move(message), *queue) : producer->send(std::move(message));
}

Status Run(Context& context, const Arguments& arguments) {
  if (arguments.Has("qid") && !arguments.Has("broker")) {
    return Status(Status::Code::kInvalid, "a queue (-i) needs its broker (-b)");
  }
  COMET_ASSIGN(const bool trace, arguments.BoolOr("msgTraceEnable", false));
  if (trace) return Status(Status::Code::kInvalid, "--msgTraceEnable true is not supported");
  COMET_ASSIGN(const auto id,
               arguments.NumberOr("qid", -1, 0, std::numeric_limits<std::int32_t>::max()));
  std::optional<Queue> queue;
  if (id >= 0) {
    queue = Queue{arguments.Text("topic"), arguments.Text("broker"), static_cast<int>(id)};
  }
  std::string namesrv;
  for (const std::string& address : context.admin.namesrv()) namesrv += Concat(address, ";");
  if (namesrv.empty()) return client::AdminCalls::NoNamesrv();
  const std::string broker = arguments.Text("broker");
  Step step{wire::SendMessage::kName, broker.empty() ? "a broker of the topic" : broker,
            Concat("message of topic ", arguments.Text("topic"))};
  step.send = [&]() -> StatusOr<std::string> {
    const auto receipt = Send(namesrv, Build(arguments), queue);
    if (!receipt) return ToStatus(receipt.error());
    context.out.Begin(kReceipts);
    context.out.Add(kReceipts, {receipt->queue.broker, receipt->queue.id,
                                StatusName(receipt->status), receipt->message_id});
    return std::string();
  };
  return CarryOut(context, {step});
}

}  // namespace

constinit const Command kSendMessage{
    .name = "sendMessage",
    .summary = "Sends one message.",
    .example = "mqadmin sendMessage -n 192.168.0.1:9876 -t orders -p hello -k order-42",
    .options = kOptions,
    .effect = Effect::kWrites,
    .run = &Run};

}  // namespace comet::cli
