#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_client.h"

namespace comet::cli {
namespace {

constexpr std::array kProducerOptions{
    Option{'b', "broker", Takes::kValue, Must::kRequired, "Broker to ask, HOST:PORT"}};

Status RunProducer(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const wire::ProducerTable known,
               client::GetProducers(context.admin, arguments.Text("broker")));
  std::size_t count = 0;
  for (const auto& [group, clients] : known.producers) {
    for (const wire::ProducerInfo& client : clients) {
      ++count;
      const std::string language = client.language.value_or("null");
      context.out.Append(
          "producers",
          Record({{"group", group},
                  {"clientId", client.client_id},
                  {"remoteIP", client.remote_ip},
                  {"language", language},
                  {"version", client.version},
                  {"lastUpdateTimestamp", client.last_update_ms}}),
          Concat("producer group (", group, ") instance : clientId=", client.client_id,
                 ",remoteIP=", client.remote_ip, ", language=", language, ", version=",
                 client.version, ", lastUpdateTimestamp=", client.last_update_ms, "\n"));
    }
  }
  context.out.Set("count", Json(static_cast<std::int64_t>(count)), "");
  return {};
}

}  // namespace

constinit const Command kProducer{.name = "producer",
                                  .summary = "Lists all producers of a broker.",
                                  .example = "mqadmin producer -b 192.168.0.1:10911",
                                  .options = kProducerOptions,
                                  .effect = Effect::kReads,
                                  .run = &RunProducer};

}  // namespace comet::cli
