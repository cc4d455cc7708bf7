#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "console/cli/command.h"

namespace comet::cli {

// mqadmin without its process: what main is given and what it prints to.
struct Screen {
  std::ostream& out;
  std::ostream& err;
};

// Runs what was typed behind `mqadmin`. `namesrv` stands in for a missing -n.
ExitCode RunMqadmin(std::span<const std::string_view> words, const std::string& namesrv,
                    const Screen& screen);

}  // namespace comet::cli
