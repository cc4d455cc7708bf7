#include "remoting/wire/requests/update_namesrv_config.h"

#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_namesrv.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateNamesrvConfigOptions{
    Option{'k', "key", Takes::kValue, Must::kRequired, "Setting, spelled as in the conf file"},
    Option{'v', "value", Takes::kValue, Must::kRequired, "Its new value"}};

StatusOr<Step> StepOfUpdateNamesrvConfig(Context& context, const std::string& address,
                                         const std::string& key, const std::string& value) {
  COMET_ASSIGN(const auto settings, client::GetNamesrvConfig(context.admin, address));
  const auto at = settings.find(key);
  Step step{wire::UpdateNamesrvConfig::kName, address, "name server config"};
  step.differences = DifferencesOf(at == settings.end() ? Json() : Record({{key, at->second}}),
                                   Record({{key, value}}));
  step.send = [&context, address, key, value]() -> StatusOr<std::string> {
    COMET_TRY(client::SetNamesrvConfig(context.admin, address, key, value));
    return std::string();
  };
  return step;
}

Status RunUpdateNamesrvConfig(Context& context, const Arguments& arguments) {
  const std::string key = arguments.Text("key");
  const std::string value = arguments.Text("value");
  const auto& servers = context.admin.namesrv();
  if (servers.empty()) return client::AdminCalls::NoNamesrv();
  std::vector<Step> steps;
  for (const std::string& address : servers) {
    COMET_ASSIGN(Step step, StepOfUpdateNamesrvConfig(context, address, key, value));
    steps.push_back(std::move(step));
  }
  COMET_TRY(CarryOut(context, steps));
  if (context.consent.dry_run || context.partial) return {};
  context.out.Say(Concat("update name server config success![", Joined(servers, ", "), "]\n", key,
                         " : ", value, "\n"));
  return {};
}

}  // namespace

constinit const Command kUpdateNamesrvConfig{
    .name = "updateNamesrvConfig",
    .summary = "Changes one setting of running name servers.",
    .example = "mqadmin updateNamesrvConfig -n 192.168.0.1:9876 -k orderMessageEnable -v true",
    .options = kUpdateNamesrvConfigOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateNamesrvConfig};

}  // namespace comet::cli
