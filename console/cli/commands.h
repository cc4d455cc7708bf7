#pragma once

#include <span>
#include <string_view>

#include "console/cli/command.h"

namespace comet::cli {

// Every command of mqadmin, in the order in which help lists them.
std::span<const Command> Commands();

// Without regard to case; null when there is none.
const Command* FindCommand(std::string_view name);
// The command spelled most like it; null when none is close.
const Command* NearestCommand(std::string_view name);

}  // namespace comet::cli
