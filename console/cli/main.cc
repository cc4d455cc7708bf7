// mqadmin: the operator's command line.

#include <unistd.h>

#include <csignal>
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
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failure with a sentence and an exit code
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  const char* namesrv = std::getenv("NAMESRV_ADDR");
  const char* yes = std::getenv("MQADMIN_ASSUME_YES");
  const comet::cli::Environment environment{namesrv == nullptr ? "" : namesrv,
                                            yes != nullptr && std::string_view(yes) == "1"};
  const bool on_terminal = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  return static_cast<int>(
      comet::cli::RunMqadmin(words, environment, {std::cout, std::cerr, std::cin, on_terminal}));
}
