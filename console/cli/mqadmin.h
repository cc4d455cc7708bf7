#pragma once

#include <istream>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "console/cli/command.h"

namespace comet::cli {

// mqadmin without its process: what main is given, what it prints to, and who sits there.
struct Screen {
  std::ostream& out;
  std::ostream& err;
  std::istream& in;
  bool on_terminal = false;  // `in` and `err` are one: questions can be asked
};

struct Environment {
  std::string namesrv;      // NAMESRV_ADDR: stands in for a missing -n
  bool assume_yes = false;  // MQADMIN_ASSUME_YES=1
};

// Runs what was typed behind `mqadmin`.
ExitCode RunMqadmin(std::span<const std::string_view> words, const Environment& environment,
                    const Screen& screen);

}  // namespace comet::cli
