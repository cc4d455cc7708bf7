#pragma once

#include <span>
#include <string>

#include "console/cli/command.h"

namespace comet::cli {

// -h and -n, which every command has.
std::span<const Option> CommonOptions();
// The command's own options and the common ones.
std::vector<Option> AllOptions(const Command& command);

// The list of commands, one line each.
std::string CommandList(std::span<const Command> commands);
// usage line and a line for every option, as mqadmin has always printed them.
std::string Usage(const Command& command);

}  // namespace comet::cli
