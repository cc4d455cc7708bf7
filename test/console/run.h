#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "console/cli/mqadmin.h"

namespace comet::cli {

// What a run of mqadmin left behind.
struct Ran {
  ExitCode code = ExitCode::kOk;
  std::string out, err;
};

struct Terminal {
  std::string typed = "";    // answers to questions
  bool on_terminal = false;  // somebody is there at all
  bool assume_yes = false;
};

inline Ran Mqadmin(const std::vector<std::string_view>& words, const std::string& namesrv = "",
                   const Terminal& terminal = {}) {
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in(terminal.typed);
  const ExitCode code =
      RunMqadmin(words, {namesrv, terminal.assume_yes}, {out, err, in, terminal.on_terminal});
  return {code, out.str(), err.str()};
}

}  // namespace comet::cli
