#include "console/cli/client_report.h"

#include <map>
#include <string>
#include <utility>

#include "console/cli/running_text.h"
#include "console/cli/version_text.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_client.h"
#include "sdk/src/admin_group.h"

namespace comet::cli {
namespace {

using Clients = std::map<std::string, client::RunningInfo>;

StatusOr<wire::ConsumerConnection> Connections(Context& context, const Arguments& arguments,
                                               bool one_broker) {
  const std::string group = arguments.Text("consumerGroup");
  if (!one_broker) return client::GetConsumerConnections(context.admin, group);
  return client::GetConsumerConnectionsAt(context.admin, arguments.Text("brokerAddr"), group);
}

// A client names itself: what could leave the folder becomes an underscore.
std::string FileName(std::string name) {
  for (char& c : name) {
    if (c == '/' || c == '\0') c = '_';
  }
  return name == "." || name == ".." ? "_" : name;
}

StatusOr<std::string> Save(const client::RunningInfo& info, const std::string& folder,
                           const std::string& client_id) {
  PosixFileSystem fs;
  COMET_TRY(fs.MakeDirectories(folder));
  const std::string path = Concat(folder, "/", FileName(client_id));
  COMET_TRY(WriteFileAtomically(fs, path, TextOf(info)));
  return path;
}

std::string Numbered(const TableForm& table, int index) {
  std::string text = std::to_string(index);
  const bool padded = table.head_pattern.empty();
  if (padded && text.size() < 3) text.insert(0, 3 - text.size(), '0');
  return text;
}

void PrintCheck(Context& context, const Clients& clients, bool broadcast) {
  if (clients.empty()) return;
  const GroupCheck check = CheckGroup(clients, broadcast, context.clock.WallNow());
  std::string text = "\n\nWARN: Different subscription in the same group of consumer!!!\n";
  if (check.same_subscriptions) {
    text = Concat("\n\nSame subscription in the same group of consumer\n\nRebalance ",
                  check.balanced ? "OK" : "Failed", "\n", check.blocked);
  }
  context.out.Set("sameSubscriptions", Json(check.same_subscriptions), text);
  context.out.Set("balanced", Json(check.balanced), "");
}

Status ReportOne(Context& context, const wire::TopicRouteData& route, const Arguments& arguments) {
  COMET_ASSIGN(const client::RunningInfo info,
               client::GetRunningInfo(context.admin, route, arguments.Text("consumerGroup"),
                                      arguments.Text("clientId"), arguments.Has("jstack")));
  context.out.Set("runningInfo", JsonOf(info), TextOf(info));
  return {};
}

}  // namespace

Status ReportClients(Context& context, const Arguments& arguments, const TableForm& table) {
  const std::string group = arguments.Text("consumerGroup");
  const bool one_broker = table.head_pattern != "" && arguments.Has("brokerAddr");
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRouteOfGroup(context.admin, group, ""));
  COMET_ASSIGN(const auto known, Connections(context, arguments, one_broker));
  if (arguments.Has("clientId")) return ReportOne(context, route, arguments);
  const std::string folder = arguments.TextOr("save", Concat(context.clock.WallNow()));
  const bool saves = !context.out.json() || arguments.Has("save");
  context.out.Begin(table);
  Clients clients;
  int index = 0;
  for (const wire::Connection& client : known.connections) {
    auto info = client::GetRunningInfo(context.admin, route, group, client.client_id,
                                       arguments.Has("jstack"));
    if (!info.ok()) {
      context.Complain(info.error());
      continue;
    }
    std::string path;
    if (saves) {
      COMET_ASSIGN(path, Save(*info, folder, client.client_id));
    }
    ++index;
    context.out.Add(table, {Cell(Numbered(table, index), Json(std::int64_t{index})),
                            client.client_id, VersionText(client.version),
                            Cell(path, saves ? Json(path) : Json()), Cell("", JsonOf(*info))});
    clients.emplace(client.client_id, info.Take());
  }
  PrintCheck(context, clients, known.model == wire::MessageModel::kBroadcasting);
  return {};
}

}  // namespace comet::cli
