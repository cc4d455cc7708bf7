#include <array>
#include <map>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_offset.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kGetConsumerStatusOptions{
    Option{'g', "group", Takes::kValue, Must::kRequired, "Consumer group"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic"},
    Option{'i', "originClientId", Takes::kValue, Must::kOptional, "Only this client"}};

constexpr std::array kGetConsumerStatusColumns{
    Column{"#clientId", "clientId"}, Column{"#brokerName", "brokerName"},
    Column{"#queueId", "queueId"}, Column{"#offset", "offset"}};
constexpr std::string_view kGetConsumerStatusLine = "%-50s  %-15s  %-15s  %-20s\n";
constexpr TableForm kOffsets{"offsets", kGetConsumerStatusLine, kGetConsumerStatusLine,
                             kGetConsumerStatusColumns};

Status RunGetConsumerStatus(Context& context, const Arguments& arguments) {
  const std::string group = arguments.Text("group");
  const std::string topic = arguments.Text("topic");
  const std::string client_id = arguments.Text("originClientId");
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, topic));
  std::map<std::string, client::QueueOffsets> clients;
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = client::AddressOf(broker);
    if (address.empty()) continue;
    COMET_ASSIGN(auto part,
                 client::GetClientOffsets(context.admin, address, group, topic, client_id));
    for (auto& [name, offsets] : part) clients[name].merge(offsets);
  }
  context.out.Say(Concat("get consumer status from client. group=", group, ", topic=", topic,
                         ", originClientId=", client_id, "\n"));
  context.out.Begin(kOffsets);
  for (const auto& [name, offsets] : clients) {
    for (const auto& [queue, offset] : offsets) {
      context.out.Add(
          kOffsets, {Cell(Front(name, 50), Json(name)), queue.broker_name, queue.queue_id, offset});
    }
  }
  return {};
}

}  // namespace

constinit const Command kGetConsumerStatus{
    .name = "getConsumerStatus",
    .summary = "Shows the offsets that the clients of a consumer group hold.",
    .example = "mqadmin getConsumerStatus -n 192.168.0.1:9876 -g billing -t orders",
    .options = kGetConsumerStatusOptions,
    .effect = Effect::kReads,
    .run = &RunGetConsumerStatus};

}  // namespace comet::cli
