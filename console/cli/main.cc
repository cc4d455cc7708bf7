// mqadmin: the operator's command line.

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "console/cli/mqadmin.h"
#include "remoting/base/log.h"

int main(int argc, char** argv) {
  // What goes wrong is said once, by the command.
  comet::StartLogging({.program = "mqadmin", .directory = "", .lowest = comet::LogLevel::kError});
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  const char* namesrv = std::getenv("NAMESRV_ADDR");
  return static_cast<int>(
      comet::cli::RunMqadmin(words, namesrv == nullptr ? "" : namesrv, {std::cout, std::cerr}));
}
