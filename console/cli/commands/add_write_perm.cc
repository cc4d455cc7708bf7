#include <array>

#include "console/cli/commands/all.h"
#include "console/cli/write_permission.h"

namespace comet::cli {
namespace {

constexpr std::array kAddWritePermOptions{
    Option{'b', "brokerName", Takes::kValue, Must::kRequired, "Name of the broker"}};

Status RunAddWritePerm(Context& context, const Arguments& arguments) {
  return ChangeWritePermission(context, arguments, WritePermission::kAdd);
}

}  // namespace

constinit const Command kAddWritePerm{
    .name = "addWritePerm",
    .summary = "Gives the permission to write back to all topics of a broker.",
    .example = "mqadmin addWritePerm -n 192.168.0.1:9876 -b broker-a",
    .options = kAddWritePermOptions,
    .effect = Effect::kWrites,
    .run = &RunAddWritePerm};

}  // namespace comet::cli
