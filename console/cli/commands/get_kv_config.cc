#include <array>
#include <optional>
#include <string>

#include "console/cli/commands/all.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_namesrv.h"

namespace comet::cli {
namespace {

constexpr std::array kGetKvConfigOptions{
    Option{'s', "namespace", Takes::kValue, Must::kRequired, "Namespace of the key"},
    Option{'k', "key", Takes::kValue, Must::kRequired, "Key to read"}};

// Every name server has a table of its own: all are asked, and their differences can be seen.
Status RunGetKvConfig(Context& context, const Arguments& arguments) {
  const std::string ns = arguments.Text("namespace");
  const std::string key = arguments.Text("key");
  const auto& servers = context.admin.namesrv();
  if (servers.empty()) return client::AdminCalls::NoNamesrv();
  std::vector<Status> failures;
  for (const std::string& address : servers) {
    auto value = client::GetKv(context.admin, address, ns, key);
    if (!value.ok()) {
      failures.push_back(value.TakeError());
    } else if (!*value) {
      failures.emplace_back(Status::Code::kNotFound,
                            Concat(address, " has no key ", key, " in namespace ", ns));
    } else {
      context.out.Append("", Record({{"namesrvAddr", address}, {"value", **value}}),
                         Concat(address, " ", key, " : ", **value, "\n"));
    }
  }
  return context.Summarize(std::move(failures), servers.size());
}

}  // namespace

constinit const Command kGetKvConfig{
    .name = "getKvConfig",
    .summary = "Prints a key of the tables of the name servers.",
    .example = "mqadmin getKvConfig -n 192.168.0.1:9876 -s ORDER_TOPIC_CONFIG -k orders",
    .options = kGetKvConfigOptions,
    .effect = Effect::kReads,
    .run = &RunGetKvConfig};

}  // namespace comet::cli
