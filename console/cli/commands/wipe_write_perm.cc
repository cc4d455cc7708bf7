#include <array>

#include "console/cli/commands/all.h"
#include "console/cli/write_permission.h"

namespace comet::cli {
namespace {

constexpr std::array kWipeWritePermOptions{
    Option{'b', "brokerName", Takes::kValue, Must::kRequired, "Name of the broker"}};

Status RunWipeWritePerm(Context& context, const Arguments& arguments) {
  return ChangeWritePermission(context, arguments, WritePermission::kWipe);
}

}  // namespace

constinit const Command kWipeWritePerm{
    .name = "wipeWritePerm",
    .summary = "Takes the permission to write from all topics of a broker.",
    .example = "mqadmin wipeWritePerm -n 192.168.0.1:9876 -b broker-a",
    .options = kWipeWritePermOptions,
    .effect = Effect::kDangerous,
    .run = &RunWipeWritePerm};

}  // namespace comet::cli
