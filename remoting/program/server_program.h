#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/config_file.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status.h"

namespace comet {

// What the command line of a server says. Flags are RocketMQ's, with two of ours.
struct ServerArguments {
  std::string config_file;   // -c, --configFile
  std::string namesrv_addr;  // -n, --namesrvAddr
  std::string settings;      // every --set KEY=VALUE, one a line; stronger than the file
};

// A server as a program: RunServer reads the command line, starts logging, waits for signals and
// gives the exit code; the program says what is its own.
class ServerProgram {
 public:
  virtual ~ServerProgram() = default;

  virtual std::string_view name() const = 0;   // mqbroker
  virtual std::string_view about() const = 0;  // one sentence for --help

  // The settings, in place; valid as long as the program.
  virtual std::vector<ConfigPart> parts() = 0;
  // What -m prints of them.
  virtual std::vector<std::string_view> important_keys() const = 0;

  // Before the file is read: what the environment says. After it and --set: checks, and defaults
  // that depend on other settings or the machine.
  virtual void Prepare(const ServerArguments& arguments) = 0;
  virtual Status Complete(const ServerArguments& arguments) = 0;

  // Start returns once requests are served; *greeting is then printed, with the address.
  virtual Status Start(FileSystem& fs, std::string* greeting) = 0;
  virtual Status Stop() = 0;  // everything that was accepted is kept
};

// The whole of main. 0 after a clean stop (SIGTERM, SIGINT) or what only prints; 1 with a line on
// standard error otherwise. SIGHUP reopens the logs. Starts no thread before signals are blocked.
int RunServer(ServerProgram& program, int argc, char** argv);

}  // namespace comet
