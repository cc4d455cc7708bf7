#include "remoting/program/server_program.h"

#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>

#include <gflags/gflags.h>

#include "remoting/base/log.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"

DEFINE_string(c, "", "Config file.");
DEFINE_string(configFile, "", "Config file.");
DEFINE_string(n, "", "Name server addresses.");
DEFINE_string(namesrvAddr, "", "Name server addresses.");
DEFINE_bool(p, false, "Print all settings and exit.");
DEFINE_bool(printConfigItem, false, "Print all settings and exit.");
DEFINE_bool(m, false, "Print the important settings and exit.");
DEFINE_bool(printImportantConfig, false, "Print the important settings and exit.");
DEFINE_bool(h, false, "Print help and exit.");
DEFINE_string(set, "", "KEY=VALUE, stronger than the config file; may be given several times.");
DEFINE_string(logDir, "", "Directory of the log files.");

namespace comet {
namespace {

constexpr std::string_view kFlags =
    " -c,--configFile FILE       Settings, one KEY=VALUE a line\n"
    " -n,--namesrvAddr ADDRS     Name servers: 192.168.0.1:9876;192.168.0.2:9876\n"
    "                            (otherwise the file's, otherwise $NAMESRV_ADDR)\n"
    " -p,--printConfigItem       Print all settings with their values, and exit\n"
    " -m,--printImportantConfig  Print the important ones, and exit\n"
    " -h,--help                  Print this, and exit\n"
    " --set KEY=VALUE            A setting, stronger than the file; may be repeated\n"
    " --logDir DIR               Write log files there (otherwise into $COMET_LOG_DIR; without "
    "either,\n"
    "                            warnings and errors go to standard error)\n"
    "SIGTERM stops it cleanly, SIGHUP reopens its log files.\n";

std::string Usage(const ServerProgram& program) {
  return Concat(program.name(), ": ", program.about(), "\nusage: ", program.name(),
                " [-c FILE] [-n ADDRS] [-p] [-m] [-h] [--set KEY=VALUE]... [--logDir DIR]\n",
                kFlags);
}

// Takes every --set out of the arguments: gflags keeps only the last of a flag.
std::string TakeSettings(std::vector<char*>* arguments) {
  std::string text;
  std::vector<char*> rest;
  for (std::size_t i = 0; i < arguments->size(); ++i) {
    const std::string_view argument = (*arguments)[i];
    const auto name = argument.substr(0, argument.find('='));
    if (name != "--set" && name != "-set") {
      rest.push_back((*arguments)[i]);
    } else if (name.size() < argument.size()) {
      text.append(argument.substr(name.size() + 1)).append("\n");
    } else if (i + 1 < arguments->size()) {
      text.append((*arguments)[++i]).append("\n");
    }
  }
  *arguments = std::move(rest);
  return text;
}

std::string EnvironmentOr(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

const std::string& FirstSet(const std::string& one, const std::string& other) {
  return one.empty() ? other : one;
}

// An exit code when there is nothing left to do.
std::optional<int> Parse(const ServerProgram& program, int argc, char** argv,
                         ServerArguments* result) {
  std::vector<char*> arguments(argv, argv + argc);
  result->settings = TakeSettings(&arguments);
  argc = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  argv = arguments.data();
  const auto usage = Usage(program);
  gflags::SetUsageMessage(usage);
  gflags::ParseCommandLineNonHelpFlags(&argc, &argv, true);
  std::string help;
  if (FLAGS_h || (gflags::GetCommandLineOption("help", &help) && help == "true")) {
    std::cout << usage;
    return 0;
  }
  if (argc > 1) {
    std::cerr << program.name() << ": unknown argument " << argv[1] << '\n' << usage;
    return 1;
  }
  result->config_file = FirstSet(FLAGS_c, FLAGS_configFile);
  result->namesrv_addr = FirstSet(FLAGS_n, FLAGS_namesrvAddr);
  return {};
}

Status ReadSettings(ServerProgram& program, FileSystem& fs, const ServerArguments& arguments) {
  program.Prepare(arguments);
  const auto parts = program.parts();
  if (!arguments.config_file.empty()) {
    COMET_ASSIGN(const auto report, LoadConfigFile(fs, arguments.config_file, parts));
    if (const auto ignored = IgnoredText(report); !ignored.empty()) LOG_WARN << ignored;
  }
  COMET_ASSIGN(const auto lines, ParseJavaProperties(arguments.settings, "--set"));
  COMET_ASSIGN(const auto report, ApplyConfig(lines, parts));
  if (const auto ignored = IgnoredText(report); !ignored.empty()) LOG_WARN << ignored;
  return program.Complete(arguments);
}

void Print(ServerProgram& program, bool important_only) {
  const auto important = program.important_keys();
  const auto text = PrintConfig(program.parts());
  for (std::string_view rest = text; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto key = line.substr(0, line.find('='));
    const bool wanted =
        !important_only || std::find(important.begin(), important.end(), key) != important.end();
    if (wanted) std::cout << line << '\n';
  }
}

sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// As many files and connections as the system lets us have: the usual 1024 are few for a server.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  // What stays as it was still works, with fewer connections.
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

void WaitForStop(const sigset_t& signals) {
  for (;;) {
    int signal = 0;
    if (::sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) return;
    ReopenLogs();
    LOG_INFO << "log files reopened";
  }
}

int Serve(ServerProgram& program, FileSystem& fs, const sigset_t& signals) {
  std::string greeting;
  if (const auto started = program.Start(fs, &greeting); !started.ok()) {
    LOG_ERROR << program.name() << " did not start: " << started.message();
    FlushLogs();
    return 1;
  }
  LOG_INFO << greeting;
  std::cout << greeting << std::endl;
  WaitForStop(signals);
  LOG_INFO << program.name() << " stops";
  const auto stopped = program.Stop();
  if (stopped.ok()) {
    LOG_INFO << program.name() << " has stopped cleanly";
  } else {
    LOG_ERROR << "not everything was kept: " << stopped.message();
  }
  FlushLogs();
  return stopped.ok() ? 0 : 1;
}

}  // namespace

int RunServer(ServerProgram& program, int argc, char** argv) {
  ServerArguments arguments;
  if (const auto code = Parse(program, argc, argv, &arguments)) return *code;
  const sigset_t signals = BlockSignals();
  RaiseDescriptorLimit();
  const auto directory = FirstSet(FLAGS_logDir, EnvironmentOr("COMET_LOG_DIR", ""));
  StartLogging({.program = std::string(program.name()), .directory = directory});

  PosixFileSystem fs;
  if (const auto read = ReadSettings(program, fs, arguments); !read.ok()) {
    std::cerr << program.name() << ": " << read.message() << '\n';
    return 1;
  }
  const bool print_all = FLAGS_p || FLAGS_printConfigItem;
  if (print_all || FLAGS_m || FLAGS_printImportantConfig) {
    Print(program, !print_all);
    return 0;
  }
  return Serve(program, fs, signals);
}

}  // namespace comet
