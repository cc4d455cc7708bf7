#include <array>
#include <memory>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "console/cli/tool_client.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::cli {
namespace {

constexpr std::array kCheckMsgSendRTOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to send to"},
    Option{'a', "amount", Takes::kValue, Must::kOptional, "Messages to send; 100 unless given"},
    Option{'s', "size", Takes::kValue, Must::kOptional, "Bytes of each; 128 unless given"}};

constexpr std::array kCheckMsgSendRTColumns{Column{"#Broker Name", "brokerName"},
                                            Column{"#QID", "queueId"},
                                            Column{"#Send Result", "sent"}, Column{"#RT", "rtMs"}};
constexpr std::string_view kCheckMsgSendRTLine = "%-32s  %-4s  %-20s    %s\n";
constexpr TableForm kSent{"sends", kCheckMsgSendRTLine, kCheckMsgSendRTLine,
                          kCheckMsgSendRTColumns};

struct SendProbe {
  std::string topic;
  std::int64_t amount = 100;
  std::size_t bytes = 128;
};

// One after the other, over all queues in turn. The first one, which connects, does not count.
Status Send(Context& context, const SendProbe& probe) {
  COMET_ASSIGN(const std::shared_ptr<Client> client, ConnectClient(context));
  auto producer = client->producer(ProducerOptions{}.set_group("TOOLS_PRODUCER"));
  if (!producer) return ToStatus(producer.error());
  const auto queues = producer->queues(probe.topic);
  if (!queues) return ToStatus(queues.error());
  if (queues->empty()) {
    return Status(Status::Code::kNotFound,
                  Concat("topic ", probe.topic, " has no queue that can be written to"));
  }
  context.out.Begin(kSent);
  std::int64_t total_ms = 0;
  Status last;
  for (std::int64_t i = 0; i < probe.amount && context.out.writable(); ++i) {
    const Queue& queue = (*queues)[static_cast<std::size_t>(i) % queues->size()];
    const MonoTime begin = context.clock.Now();
    const auto receipt = producer->send(Message(probe.topic, std::string(probe.bytes, 'a')), queue);
    const auto rt_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(context.clock.Now() - begin).count();
    if (i != 0) total_ms += rt_ms;
    if (!receipt) last = ToStatus(receipt.error());
    context.out.Add(kSent, {queue.broker, queue.id, receipt.has_value(), rt_ms});
  }
  const double average = probe.amount > 1
                             ? static_cast<double>(total_ms) / static_cast<double>(probe.amount - 1)
                             : static_cast<double>(total_ms);
  context.out.Set("averageRtMs", Json(average), Concat("Avg RT: ", Fixed(average, 2), "\n"));
  return last;
}

Status RunCheckMsgSendRT(Context& context, const Arguments& arguments) {
  SendProbe probe{arguments.Text("topic")};
  COMET_ASSIGN(probe.amount, arguments.NumberOr("amount", 100, 1, 1'000'000));
  COMET_ASSIGN(const auto bytes, arguments.NumberOr("size", 128, 1, 4 << 20));
  probe.bytes = static_cast<std::size_t>(bytes);
  Step step{wire::SendMessage::kName, "every broker of the topic",
            Concat(probe.amount, " messages of ", bytes, " bytes to topic ", probe.topic)};
  step.send = [&]() -> StatusOr<std::string> {
    COMET_TRY(Send(context, probe));
    return std::string();
  };
  return CarryOut(context, {step});
}

}  // namespace

constinit const Command kCheckMsgSendRT{
    .name = "checkMsgSendRT",
    .summary = "Sends messages to a topic and shows how long each took.",
    .example = "mqadmin checkMsgSendRT -n 192.168.0.1:9876 -t orders -a 10",
    .options = kCheckMsgSendRTOptions,
    .effect = Effect::kWrites,
    .run = &RunCheckMsgSendRT};

}  // namespace comet::cli
