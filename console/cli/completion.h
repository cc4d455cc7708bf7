#pragma once

#include <span>
#include <string>
#include <string_view>

#include "console/cli/command.h"

namespace comet::cli {

// The script that lets a shell complete commands and options, made of the table of commands. Empty
// for a shell other than bash and zsh.
std::string CompletionScript(std::string_view shell, std::span<const Command> commands);

}  // namespace comet::cli
