#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "console/cli/version_text.h"
#include "sdk/src/admin_client.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kProducerConnectionOptions{
    Option{'g', "producerGroup", Takes::kValue, Must::kRequired, "Producer group"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "A topic that the group sends to"}};

constexpr std::array kProducerConnectionColumns{Column{"", "index"}, Column{"", "clientId"},
                                                Column{"", "clientAddr"}, Column{"", "language"},
                                                Column{"", "version"}};
constexpr TableForm kProducerConnectionClients{"", "", "%s  %-32s %-22s %-8s %s\n",
                                               kProducerConnectionColumns};

// 0001
std::string Numbered(int index) {
  std::string text = std::to_string(index);
  if (text.size() < 4) text.insert(0, 4 - text.size(), '0');
  return text;
}

Status RunProducerConnection(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.Text("topic")));
  COMET_ASSIGN(
      const wire::ProducerConnection known,
      client::GetProducerConnections(context.admin, route, arguments.Text("producerGroup")));
  context.out.Begin(kProducerConnectionClients);
  int index = 0;
  for (const wire::Connection& client : known.connections) {
    ++index;
    context.out.Add(
        kProducerConnectionClients,
        {Cell(Numbered(index), Json(std::int64_t{index})), client.client_id, client.client_addr,
         client.language ? Cell(*client.language) : Cell("null", Json()),
         VersionText(client.version)});
  }
  return {};
}

}  // namespace

constinit const Command kProducerConnection{
    .name = "producerConnection",
    .summary = "Shows the clients of a producer group.",
    .example = "mqadmin producerConnection -n 192.168.0.1:9876 -g shop -t orders",
    .options = kProducerConnectionOptions,
    .effect = Effect::kReads,
    .run = &RunProducerConnection};

}  // namespace comet::cli
