#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "sdk/src/admin_namesrv.h"

namespace comet::cli {
namespace {

constexpr std::array kListKvConfigOptions{
    Option{'s', "namespace", Takes::kValue, Must::kRequired, "Namespace to list"}};
constexpr std::array kListKvConfigColumns{Column{"#Key", "key"}, Column{"#Value", "value"}};
constexpr TableForm kKeys{"", "%-50s %s\n", "%-50s %s\n", kListKvConfigColumns};

Status RunListKvConfig(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const auto table, client::ListKv(context.admin, arguments.Text("namespace")));
  context.out.Begin(kKeys);
  for (const auto& [key, value] : table) context.out.Add(kKeys, {key, value});
  return {};
}

}  // namespace

constinit const Command kListKvConfig{
    .name = "listKvConfig",
    .summary = "Lists the keys of a namespace at the first name server that answers.",
    .example = "mqadmin listKvConfig -n 192.168.0.1:9876 -s ORDER_TOPIC_CONFIG",
    .options = kListKvConfigOptions,
    .effect = Effect::kReads,
    .run = &RunListKvConfig};

}  // namespace comet::cli
