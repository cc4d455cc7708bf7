#pragma once

#include "console/cli/command.h"

namespace comet::cli {

// What wipeWritePerm and addWritePerm do: takes or gives the permission to write to the topics of a
// broker (-b), at every name server.
enum class WritePermission { kWipe, kAdd };
Status ChangeWritePermission(Context& context, const Arguments& arguments, WritePermission change);

}  // namespace comet::cli
