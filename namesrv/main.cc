// mqnamesrv: knows the brokers of clusters and tells clients where topics are.

#include <getopt.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

#include "namesrv/namesrv.h"
#include "remoting/base/config_file.h"
#include "remoting/base/log.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"

namespace comet::namesrv {
namespace {

constexpr std::string_view kUsage =
    "usage: mqnamesrv [-c <file>] [-h] [-n <addresses>] [-p]\n"
    " -c,--configFile <file>        Name server config properties file\n"
    " -h,--help                     Print help\n"
    " -n,--namesrvAddr <addresses>  Accepted for compatibility; a name server needs no other\n"
    " -p,--printConfigItem          Print all config items\n";

struct CommandLine {
  std::string config_file;
  bool print_config = false;
  bool help = false;
};

// False after a message of getopt or of ours on standard error.
bool Parse(int argc, char** argv, CommandLine* line) {
  static const std::array<option, 5> kOptions{
      option{"configFile", required_argument, nullptr, 'c'},
      option{"help", no_argument, nullptr, 'h'},
      option{"namesrvAddr", required_argument, nullptr, 'n'},
      option{"printConfigItem", no_argument, nullptr, 'p'}, option{nullptr, 0, nullptr, 0}};
  for (int letter = 0;
       (letter = getopt_long(argc, argv, "c:hn:p", kOptions.data(), nullptr)) != -1;) {
    switch (letter) {
      case 'c':
        line->config_file = optarg;
        break;
      case 'h':
        line->help = true;
        break;
      case 'n':
        break;
      case 'p':
        line->print_config = true;
        break;
      default:
        return false;
    }
  }
  if (optind == argc) return true;
  std::cerr << "mqnamesrv: unexpected argument: " << argv[optind] << '\n';
  return false;
}

std::string EnvironmentOr(const char* name, std::string_view otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : std::string(otherwise);
}

Status LoadConfig(FileSystem& fs, const CommandLine& line, NamesrvConfig* config) {
  config->rocketmq_home = EnvironmentOr("ROCKETMQ_HOME", "");
  if (!line.config_file.empty()) {
    const auto report = LoadConfigFile(fs, line.config_file, std::array{PartOf(*config)});
    if (!report.ok()) return report.error().Clone();
    const std::string ignored = IgnoredText(*report);
    if (!ignored.empty()) LOG_INFO << ignored;
    if (config->config_store_path.empty()) config->config_store_path = line.config_file;
  }
  if (config->kv_config_path.empty()) {
    config->kv_config_path = Concat(EnvironmentOr("HOME", "."), "/namesrv/kvConfig.json");
  }
  return {};
}

// Until SIGTERM or SIGINT; SIGHUP reopens the logs. The signals are blocked in every thread.
void WaitForStop(const sigset_t& signals) {
  for (int signal = 0; sigwait(&signals, &signal) == 0;) {
    if (signal != SIGHUP) return;
    ReopenLogs();
    LOG_INFO << "logs reopened";
  }
}

int Run(int argc, char** argv) {
  CommandLine line;
  if (!Parse(argc, argv, &line)) {
    std::cerr << kUsage;
    return 1;
  }
  if (line.help) {
    std::cout << kUsage;
    return 0;
  }
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  StartLogging({.program = "mqnamesrv", .directory = EnvironmentOr("COMET_LOG_DIR", "")});
  PosixFileSystem fs;
  NamesrvConfig config;
  if (const Status status = LoadConfig(fs, line, &config); !status.ok()) {
    std::cerr << "mqnamesrv: " << status.message() << '\n';
    return 1;
  }
  if (line.print_config) {
    std::cout << PrintConfig(std::array{PartOf(config)});
    return 0;
  }
  auto namesrv = Namesrv::Start(config, fs, SystemClock());
  if (!namesrv.ok()) {
    std::cerr << "mqnamesrv: " << namesrv.error().message() << '\n';
    return 1;
  }
  std::cout << "The Name Server boot success. serializeType=JSON, address " << config.bind_address
            << ':' << (*namesrv)->port() << std::endl;
  WaitForStop(signals);
  LOG_INFO << "mqnamesrv stops";
  namesrv->reset();
  FlushLogs();
  return 0;
}

}  // namespace
}  // namespace comet::namesrv

int main(int argc, char** argv) {
  return comet::namesrv::Run(argc, argv);
}
