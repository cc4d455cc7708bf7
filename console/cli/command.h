#pragma once

#include <chrono>
#include <cstdint>
#include <istream>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

#include "console/cli/arguments.h"
#include "console/cli/option.h"
#include "console/cli/output.h"
#include "remoting/base/clock.h"
#include "remoting/base/status.h"

namespace comet::client {
class AdminCalls;
}

namespace comet::cli {

// How a program run ends; scripts rely on it.
enum class ExitCode : int {
  kOk = 0,
  kUsage = 1,        // what was typed makes no sense or was not confirmed, or the server says so
  kUnreachable = 2,  // no connection, or no answer in time
  kRefused = 3,      // the server answered NO_PERMISSION
  kNotFound = 4,     // the topic, group, message or broker does not exist
  kPartial = 5,      // some brokers did it, others did not; each of these has a line on stderr
  kFailed = 6        // the server failed or cannot do it, or the output could not be written
};

ExitCode ExitCodeOf(const Status& status);

// What a command does to the cluster.
enum class Effect : std::uint8_t {
  kReads,
  kWrites,    // shows a diff first; has --dry-run
  kDangerous  // cannot be taken back: also asks, or wants --yes
};

// Who answers questions of dangerous commands, and whether anything is sent at all.
struct Consent {
  std::istream& in;      // where answers are typed
  bool on_terminal;      // somebody is there to type them
  bool given = false;    // --yes, or MQADMIN_ASSUME_YES=1
  bool dry_run = false;  // --dry-run
  Effect effect = Effect::kReads;
};

// What a command works with: the cluster, the screen, the time. Lives while one command runs.
struct Context {
  client::AdminCalls& admin;
  Output& out;
  std::ostream& err;
  const Clock& clock;
  const Consent& consent;
  bool partial = false;

  // One broker of several failed: says so on stderr and goes on. The exit code will tell.
  void Complain(const Status& status);
  // What comes of several attempts: the first of the failures when all failed, else a complaint
  // about each.
  Status Summarize(std::vector<Status> failures, std::size_t attempts);
  // Ends a round of a command that repeats itself, and lets time pass. False when it is of no use
  // to go on: nobody reads the output.
  bool Pause(std::chrono::seconds time);
};

// One command of mqadmin.
struct Command {
  std::string_view name;     // matched without regard to case
  std::string_view summary;  // one sentence of the list of commands
  std::string_view example;  // a whole command line, for the help
  std::span<const Option> options;
  Effect effect;
  Status (*run)(Context& context, const Arguments& arguments);
  std::string_view note = "";  // what its help says besides; a sentence
};

}  // namespace comet::cli
