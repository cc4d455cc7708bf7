#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_namesrv.h"

namespace comet::cli {
namespace {

Status PrintGetNamesrvConfig(Context& context, const std::string& address) {
  COMET_ASSIGN(const auto settings, client::GetNamesrvConfig(context.admin, address));
  std::string text = Concat("============", address, "============\n");
  for (const auto& [key, value] : settings) text += Row("%-50s=  %s\n", {key, value});
  context.out.Append(
      "", Record({{"namesrvAddr", address}, {"config", Cell("", StringMap(settings))}}), text);
  return {};
}

Status RunGetNamesrvConfig(Context& context, const Arguments& /*arguments*/) {
  const auto& servers = context.admin.namesrv();
  if (servers.empty()) return client::AdminCalls::NoNamesrv();
  std::vector<Status> failures;
  for (const std::string& address : servers) {
    Status status = PrintGetNamesrvConfig(context, address);
    if (!status.ok()) failures.push_back(std::move(status));
  }
  return context.Summarize(std::move(failures), servers.size());
}

}  // namespace

constinit const Command kGetNamesrvConfig{.name = "getNamesrvConfig",
                                          .summary = "Prints the settings of running name servers.",
                                          .example = "mqadmin getNamesrvConfig -n 192.168.0.1:9876",
                                          .options = {},
                                          .effect = Effect::kReads,
                                          .run = &RunGetNamesrvConfig};

}  // namespace comet::cli
