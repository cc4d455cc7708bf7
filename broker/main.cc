// mqbroker: the program. Flags, configuration, signals; everything else is Broker's.

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <gflags/gflags.h>

#include "broker/broker.h"
#include "remoting/base/config_file.h"
#include "remoting/base/log.h"
#include "remoting/base/posix_file_system.h"

DEFINE_string(c, "", "Broker config file.");
DEFINE_string(configFile, "", "Broker config file.");
DEFINE_string(n, "", "Name server address list, eg: 192.168.0.1:9876;192.168.0.2:9876");
DEFINE_string(namesrvAddr, "", "Name server address list.");
DEFINE_bool(p, false, "Print all config items and exit.");
DEFINE_bool(printConfigItem, false, "Print all config items and exit.");
DEFINE_bool(m, false, "Print important config items and exit.");
DEFINE_bool(printImportantConfig, false, "Print important config items and exit.");
DEFINE_bool(h, false, "Print help and exit.");
DEFINE_string(set, "", "key=value, stronger than the config file; may be given several times.");
DEFINE_string(logDir, "", "Directory of the log files; empty: standard error.");

namespace {

using comet::Status;

constexpr std::string_view kImportantKeys[] = {"autoCreateSubscriptionGroup",
                                               "autoCreateTopicEnable",
                                               "brokerClusterName",
                                               "brokerId",
                                               "brokerIP1",
                                               "brokerIP2",
                                               "brokerName",
                                               "brokerPermission",
                                               "brokerRole",
                                               "defaultTopicQueueNums",
                                               "deleteWhen",
                                               "fileReservedTime",
                                               "flushDiskType",
                                               "listenPort",
                                               "mappedFileSizeCommitLog",
                                               "maxMessageSize",
                                               "namesrvAddr",
                                               "storePathRootDir",
                                               "traceTopicEnable"};

constexpr std::string_view kUsage =
    "usage: mqbroker [-c FILE] [-n ADDRS] [-p] [-m] [-h] [--set key=value]... [--logDir DIR]\n"
    " -c,--configFile FILE       Broker config properties file\n"
    " -n,--namesrvAddr ADDRS     Name server address list, eg: 192.168.0.1:9876;192.168.0.2:9876\n"
    " -p,--printConfigItem       Print all config items\n"
    " -m,--printImportantConfig  Print important config items\n"
    " -h,--help                  Print help\n"
    " --set key=value            A setting, stronger than the file; may be repeated\n"
    " --logDir DIR               Write log files there; otherwise to standard error\n";

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

// File, then environment and command line. The lines of `settings` win.
Status ReadConfig(const std::string& settings, comet::broker::BrokerOptions* options) {
  const comet::ConfigPart parts[] = {comet::PartOf(options->broker), comet::PartOf(options->store)};
  const auto& file = FLAGS_c.empty() ? FLAGS_configFile : FLAGS_c;
  if (const char* address = std::getenv("NAMESRV_ADDR")) options->broker.namesrv_addr = address;
  if (!file.empty()) {
    COMET_ASSIGN(const auto report, comet::LoadConfigFile(options->fs, file, parts));
    const auto ignored = comet::IgnoredText(report);
    if (!ignored.empty()) LOG_WARN << ignored;
  }
  const auto& servers = FLAGS_n.empty() ? FLAGS_namesrvAddr : FLAGS_n;
  if (!servers.empty()) options->broker.namesrv_addr = servers;
  COMET_ASSIGN(const auto lines, comet::ParseJavaProperties(settings, "--set"));
  COMET_ASSIGN(const auto report, comet::ApplyConfig(lines, parts));
  const auto ignored = comet::IgnoredText(report);
  if (!ignored.empty()) LOG_WARN << ignored;
  return options->broker.Check();
}

void Print(comet::broker::BrokerOptions& options, bool important_only) {
  comet::broker::CompleteFromMachine(&options.broker);
  const comet::ConfigPart parts[] = {comet::PartOf(options.broker), comet::PartOf(options.store)};
  const auto text = comet::PrintConfig(parts);
  for (std::string_view rest = text; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto key = line.substr(0, line.find('='));
    bool wanted = !important_only;
    for (const auto known : kImportantKeys) wanted |= known == key;
    if (wanted) std::cout << line << "\n";
  }
}

// Waits for the end; reopens the logs on the way.
void WaitForStop(const sigset_t& signals) {
  for (;;) {
    int signal = 0;
    if (::sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) return;
    comet::ReopenLogs();
    LOG_INFO << "log files reopened";
  }
}

int RunBroker(comet::broker::BrokerOptions options, const sigset_t& signals) {
  auto broker = comet::broker::Broker::Start(std::move(options));
  if (!broker.ok()) {
    LOG_ERROR << "the broker did not start: " << broker.error().ToString();
    comet::FlushLogs();
    return 1;
  }
  const auto& config = (*broker)->config();
  std::cout << "The broker[" << config.name << ", " << config.ip1 << ":" << (*broker)->port()
            << "] boot success. serializeType=JSON";
  if (!config.namesrv_addr.empty()) std::cout << " and name server is " << config.namesrv_addr;
  std::cout << std::endl;
  WaitForStop(signals);
  LOG_INFO << "stopping";
  const auto stopped = (*broker)->Stop();
  if (!stopped.ok()) LOG_ERROR << "not everything was kept: " << stopped.ToString();
  comet::FlushLogs();
  return stopped.ok() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  const auto settings = TakeSettings(&arguments);
  argc = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  argv = arguments.data();
  gflags::SetUsageMessage(std::string(kUsage));
  gflags::ParseCommandLineNonHelpFlags(&argc, &argv, true);
  std::string help;
  if (FLAGS_h || (gflags::GetCommandLineOption("help", &help) && help == "true")) {
    std::cout << kUsage;
    return 0;
  }
  if (argc > 1) {
    std::cerr << "unknown argument " << argv[1] << "\n" << kUsage;
    return 1;
  }
  // Before any thread is made: signals are waited for, not handled.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  comet::StartLogging({.program = "mqbroker", .directory = FLAGS_logDir});

  comet::PosixFileSystem files;
  comet::broker::BrokerOptions options{.broker = {}, .store = {}, .net = {}, .fs = files};
  if (const auto read = ReadConfig(settings, &options); !read.ok()) {
    std::cerr << read.message() << "\n";
    return 1;
  }
  const bool print_all = FLAGS_p || FLAGS_printConfigItem;
  if (print_all || FLAGS_m || FLAGS_printImportantConfig) {
    Print(options, !print_all);
    return 0;
  }
  return RunBroker(std::move(options), signals);
}
