#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/version_text.h"
#include "remoting/base/enum_names.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_group.h"

namespace comet::cli {
namespace {

constexpr std::array kConsumerConnectionOptions{
    Option{'g', "consumerGroup", Takes::kValue, Must::kRequired, "Consumer group"},
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Ask this broker, HOST:PORT"}};

constexpr std::array kClientColumns{Column{"#ClientId", "clientId"},
                                    Column{"#ClientAddr", "clientAddr"},
                                    Column{"#Language", "language"}, Column{"#Version", "version"}};
constexpr std::string_view kClientLine = "%-36s %-22s %-10s %s\n";
constexpr TableForm kConsumerConnectionClients{"connections", kClientLine, kClientLine,
                                               kClientColumns};

constexpr std::array kTopicColumns{Column{"#Topic", "topic"},
                                   Column{"#SubExpression", "subString"}};
constexpr std::string_view kTopicLine = "%-20s %s\n";
constexpr TableForm kConsumerConnectionTopics{"subscriptions", kTopicLine, kTopicLine,
                                              kTopicColumns};

StatusOr<wire::ConsumerConnection> Ask(Context& context, const Arguments& arguments) {
  const std::string group = arguments.Text("consumerGroup");
  if (!arguments.Has("brokerAddr")) return client::GetConsumerConnections(context.admin, group);
  return client::GetConsumerConnectionsAt(context.admin, arguments.Text("brokerAddr"), group);
}

template <class E>
Cell NameOf(const std::optional<E>& value) {
  return value ? Cell(std::string(EnumName(*value))) : Cell("null", Json());
}

Status RunConsumerConnection(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const wire::ConsumerConnection known, Ask(context, arguments));
  context.out.Begin(kConsumerConnectionClients);
  for (const wire::Connection& client : known.connections) {
    context.out.Add(kConsumerConnectionClients,
                    {client.client_id, client.client_addr,
                     client.language ? Cell(*client.language) : Cell("null", Json()),
                     VersionText(client.version)});
  }
  context.out.Say("\nBelow is subscription:\n");
  context.out.Begin(kConsumerConnectionTopics);
  for (const auto& [topic, subscription] : known.subscriptions) {
    context.out.Add(kConsumerConnectionTopics, {subscription.topic, subscription.expression});
  }
  const Cell type = NameOf(known.type);
  const Cell model = NameOf(known.model);
  const Cell from = NameOf(known.from_where);
  context.out.Set("consumeType", type.value, Concat("\nConsumeType: ", type.text, "\n"));
  context.out.Set("messageModel", model.value, Concat("MessageModel: ", model.text, "\n"));
  context.out.Set("consumeFromWhere", from.value, Concat("ConsumeFromWhere: ", from.text, "\n"));
  return {};
}

}  // namespace

constinit const Command kConsumerConnection{
    .name = "consumerConnection",
    .summary = "Shows the clients of a consumer group and what they subscribe to.",
    .example = "mqadmin consumerConnection -n 192.168.0.1:9876 -g billing",
    .options = kConsumerConnectionOptions,
    .effect = Effect::kReads,
    .run = &RunConsumerConnection};

}  // namespace comet::cli
