#pragma once

#include <chrono>
#include <ostream>
#include <span>
#include <string_view>

#include "console/cli/arguments.h"
#include "console/cli/option.h"
#include "remoting/base/clock.h"
#include "remoting/base/status.h"

namespace comet::client {
class AdminCalls;
}

namespace comet::cli {

// How a program run ends; scripts rely on it.
enum class ExitCode : int {
  kOk = 0,
  kUsage = 1,        // what was typed makes no sense, or the server says that the input is wrong
  kUnreachable = 2,  // no connection, or no answer in time
  kNotFound = 4,     // the topic, group, message or broker does not exist
  kPartial = 5,      // some brokers did it, others did not; each of these has a line on stderr
  kFailed = 6        // the server refused or failed
};

ExitCode ExitCodeOf(const Status& status);

// What a command works with: the cluster, the screen, the time. Lives while one command runs.
struct Context {
  client::AdminCalls& admin;
  std::ostream& out;
  std::ostream& err;
  const Clock& clock;
  bool partial = false;

  // One broker of several failed: says so on stderr and goes on. The exit code will tell.
  void Complain(const Status& status);
  // Lets time pass between two rounds of a command that repeats itself. Always true.
  bool Pause(std::chrono::seconds time);
};

// One command of mqadmin.
struct Command {
  std::string_view name;     // matched without regard to case
  std::string_view summary;  // one sentence of the list of commands
  std::span<const Option> options;
  Status (*run)(Context& context, const Arguments& arguments);
};

}  // namespace comet::cli
