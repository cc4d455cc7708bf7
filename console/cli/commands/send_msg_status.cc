#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/tool_client.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::cli {
namespace {

constexpr std::array kSendMsgStatusOptions{
    Option{'b', "brokerName", Takes::kValue, Must::kRequired,
           "Broker to send to: its own topic, which has its name, gets the messages"},
    Option{'s', "messageSize", Takes::kValue, Must::kOptional, "Bytes of each; 128 unless given"},
    Option{'c', "count", Takes::kValue, Must::kOptional, "How many; 50 unless given"}};

std::string ReceiptText(const SendReceipt& receipt, std::int64_t took_ms) {
  return Concat("rt=", took_ms,
                "ms, SendResult=SendResult [sendStatus=", StatusName(receipt.status),
                ", msgId=", receipt.message_id, ", offsetMsgId=", receipt.offset_id,
                ", messageQueue=MessageQueue [topic=", receipt.queue.topic,
                ", brokerName=", receipt.queue.broker, ", queueId=", receipt.queue.id,
                "], queueOffset=", receipt.offset, ", recallHandle=null]\n");
}

Status SendAll(Context& context, const std::string& broker, std::int64_t count,
               std::int64_t bytes) {
  COMET_ASSIGN(const std::shared_ptr<Client> client, ConnectClient(context));
  auto producer = client->producer(ProducerOptions{}.set_group("PID_SMSC"));
  if (!producer) return ToStatus(producer.error());
  const std::string body(static_cast<std::size_t>(bytes), 'h');
  // The first one finds the route and connects; its time says nothing of the broker.
  const auto warm = producer->send(Message(broker, "hello"));
  if (!warm) return ToStatus(warm.error());
  for (std::int64_t i = 0; i < count; ++i) {
    const MonoTime start = context.clock.Now();
    const auto receipt = producer->send(Message(broker, body));
    if (!receipt) return ToStatus(receipt.error());
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(context.clock.Now() - start);
    context.out.Append("sent",
                       Record({{"brokerName", receipt->queue.broker},
                               {"queueId", receipt->queue.id},
                               {"queueOffset", receipt->offset},
                               {"sendStatus", StatusName(receipt->status)},
                               {"msgId", receipt->message_id},
                               {"rtMs", took.count()}}),
                       ReceiptText(*receipt, took.count()));
  }
  return {};
}

Status RunSendMsgStatus(Context& context, const Arguments& arguments) {
  const std::string broker = arguments.Text("brokerName");
  COMET_ASSIGN(const auto bytes, arguments.NumberOr("messageSize", 128, 1, 4 << 20));
  COMET_ASSIGN(const auto count, arguments.NumberOr("count", 50, 1, 10'000'000));
  Step step{wire::SendMessage::kName, broker,
            Concat(count + 1, " messages of topic ", broker, ", ", bytes, " bytes each")};
  step.send = [&]() -> StatusOr<std::string> {
    COMET_TRY(SendAll(context, broker, count, bytes));
    return std::string();
  };
  return CarryOut(context, {step});
}

}  // namespace

constinit const Command kSendMsgStatus{
    .name = "sendMsgStatus",
    .summary = "Sends messages to one broker and shows how long each took.",
    .example = "mqadmin sendMsgStatus -n 192.168.0.1:9876 -b broker-a -c 10",
    .options = kSendMsgStatusOptions,
    .effect = Effect::kWrites,
    .run = &RunSendMsgStatus};

}  // namespace comet::cli
