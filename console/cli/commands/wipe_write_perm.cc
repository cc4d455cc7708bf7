#include <array>

#include "console/cli/commands/all.h"
#include "console/cli/write_permission.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'b', "brokerName", Takes::kValue, Must::kRequired, "Name of the broker"}};

Status Run(Context& context, const Arguments& arguments) {
  return ChangeWritePermission(context, arguments, WritePermission::kWipe);
}

}  // namespace

constinit const Command kWipeWritePerm{
    .name = "wipeWritePerm",
    .summary = "Takes the permission to write from all topics of a broker.",
    .example = "mqadmin wipeWritePerm -n 192.168.0.1:9876 -b broker-a",
    .options = kOptions,
    .effect = Effect::kDangerous,
    .run = &Run};

}  // namespace comet::cli
