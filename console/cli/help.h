#pragma once

#include <span>
#include <string>
#include <vector>

#include "console/cli/command.h"

namespace comet::cli {

// The command's own options, and those that every command of its kind has. Where both want a
// letter, the command's own keeps it: a common option then has its long form alone.
std::vector<Option> AllOptions(const Command& command);

// The list of commands, one line each.
std::string CommandList(std::span<const Command> commands);
// usage line and a line for every option, as mqadmin has always printed them; an example.
std::string Usage(const Command& command);

}  // namespace comet::cli
