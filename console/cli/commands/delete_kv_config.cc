#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/kv_steps.h"

namespace comet::cli {
namespace {

constexpr std::array kDeleteKvConfigOptions{
    Option{'s', "namespace", Takes::kValue, Must::kRequired, "Namespace of the key"},
    Option{'k', "key", Takes::kValue, Must::kRequired, "Key to delete"}};

Status RunDeleteKvConfig(Context& context, const Arguments& arguments) {
  return ChangeKv(context, {arguments.Text("namespace"), arguments.Text("key"), {}},
                  "delete kv config from namespace success.\n");
}

}  // namespace

constinit const Command kDeleteKvConfig{
    .name = "deleteKvConfig",
    .summary = "Deletes a key from the tables of the name servers.",
    .example = "mqadmin deleteKvConfig -n 192.168.0.1:9876 -s limits -k orders",
    .options = kDeleteKvConfigOptions,
    .effect = Effect::kDangerous,
    .run = &RunDeleteKvConfig};

}  // namespace comet::cli
