#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/kv_steps.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateKvConfigOptions{
    Option{'s', "namespace", Takes::kValue, Must::kRequired, "Namespace of the key"},
    Option{'k', "key", Takes::kValue, Must::kRequired, "Key to set"},
    Option{'v', "value", Takes::kValue, Must::kRequired, "Its new value"}};

Status RunUpdateKvConfig(Context& context, const Arguments& arguments) {
  return ChangeKv(context,
                  {arguments.Text("namespace"), arguments.Text("key"), arguments.Text("value")},
                  "create or update kv config to namespace success.\n");
}

}  // namespace

constinit const Command kUpdateKvConfig{
    .name = "updateKvConfig",
    .summary = "Sets a key in the tables of the name servers.",
    .example = "mqadmin updateKvConfig -n 192.168.0.1:9876 -s limits -k orders -v 100",
    .options = kUpdateKvConfigOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateKvConfig};

}  // namespace comet::cli
