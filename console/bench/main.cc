#include <csignal>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include <gflags/gflags.h>

#include "console/bench/load.h"
#include "console/bench/report.h"
#include "remoting/base/text.h"

DEFINE_string(mode, "send",
              "send, pull (from the first offset, over and over) or e2e (send and receive)");
DEFINE_string(broker, "127.0.0.1:10911", "HOST:PORT of the broker");
DEFINE_string(header, "binary", "binary or json");
DEFINE_string(topic, "MqBench", "topic; with -topics N: TOPIC-0 to TOPIC-(N-1)");
DEFINE_int32(topics, 1, "number of topics");
DEFINE_int32(queues, 4, "queues of each topic");
DEFINE_bool(create, true, "create the topics first");
DEFINE_int32(connections, 1, "connections of the senders, and as many of the receivers");
DEFINE_int32(in_flight, 64, "sends not yet answered, over all connections");
DEFINE_double(
    rate, 0,
    "messages a second: sent (latency then counts from the intended time) or, in pull mode, "
    "pulled; 0: no limit");
DEFINE_int64(size, 100, "bytes of a body");
DEFINE_int32(batch, 1, "messages in one send; in pull mode, messages wanted in one pull");
DEFINE_bool(wait_stored, true, "ask the broker to wait for disk and slaves as it is configured to");
DEFINE_int64(messages, 0, "stop after so many; 0: after -seconds");
DEFINE_double(seconds, 10, "how long to count");
DEFINE_double(warmup, 1, "seconds before counting begins");
DEFINE_string(
    pids, "",
    "processes whose CPU, memory and disk are reported, e.g. 12,34; their network is all of the "
    "machine's, or of their network namespace");
DEFINE_bool(lag, false, "report how long queues and index lag behind the last answer");
DEFINE_bool(json, false, "print one JSON object instead of text");

namespace {

using comet::Concat;
using comet::Status;

std::atomic<bool> g_stop = false;

Status Invalid(std::string text) {
  return Status(Status::Code::kInvalid, std::move(text));
}

Status CheckRange(const char* name, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return Invalid(Concat("-", name, " must be between ", static_cast<std::int64_t>(low), " and ",
                        static_cast<std::int64_t>(high)));
}

Status ParsePids(comet::bench::Options* options) {
  std::string_view rest = FLAGS_pids;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto pid = comet::ParseNumber<int>(rest.substr(0, comma));
    if (!pid || *pid <= 0)
      return Invalid(Concat("-pids: '", rest.substr(0, comma), "' is no process id"));
    options->pids.push_back(*pid);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return {};
}

Status ParseNames(comet::bench::Options* options) {
  using comet::bench::Mode;
  if (FLAGS_mode == "send") {
    options->mode = Mode::kSend;
  } else if (FLAGS_mode == "pull") {
    options->mode = Mode::kPull;
  } else if (FLAGS_mode == "e2e") {
    options->mode = Mode::kEndToEnd;
  } else {
    return Invalid(Concat("-mode must be send, pull or e2e, not '", FLAGS_mode, "'"));
  }
  if (FLAGS_header != "binary" && FLAGS_header != "json") {
    return Invalid(Concat("-header must be binary or json, not '", FLAGS_header, "'"));
  }
  options->header =
      FLAGS_header == "binary" ? comet::wire::HeaderForm::kBinary : comet::wire::HeaderForm::kJson;
  return {};
}

comet::StatusOr<comet::bench::Options> ParseOptions() {
  comet::bench::Options options;
  COMET_TRY(ParseNames(&options));
  COMET_TRY(CheckRange("topics", FLAGS_topics, 1, 100000));
  COMET_TRY(CheckRange("queues", FLAGS_queues, 1, 1024));
  COMET_TRY(CheckRange("connections", FLAGS_connections, 1, 10000));
  COMET_TRY(CheckRange("in_flight", FLAGS_in_flight, 1, 1 << 20));
  COMET_TRY(CheckRange("rate", FLAGS_rate, 0, 1e9));
  COMET_TRY(CheckRange("size", static_cast<double>(FLAGS_size), 1, 4 << 20));
  COMET_TRY(CheckRange("batch", FLAGS_batch, 1, 100000));
  COMET_TRY(CheckRange("seconds", FLAGS_seconds, 0.01, 86400));
  COMET_TRY(CheckRange("warmup", FLAGS_warmup, 0, 3600));
  COMET_TRY(ParsePids(&options));
  if (options.mode == comet::bench::Mode::kEndToEnd && FLAGS_size < 8) {
    return Invalid("-size must be at least 8 end to end: the time of sending travels in the body");
  }
  options.broker = FLAGS_broker;
  options.topic = FLAGS_topic;
  options.topics = FLAGS_topics;
  options.queues = FLAGS_queues;
  options.create_topics = FLAGS_create;
  options.connections = FLAGS_connections;
  options.in_flight = FLAGS_in_flight;
  options.rate = FLAGS_rate;
  options.body_bytes = FLAGS_size;
  options.batch = FLAGS_batch;
  options.wait_stored = FLAGS_wait_stored;
  options.messages = FLAGS_messages;
  options.seconds = FLAGS_seconds;
  options.warmup_s = FLAGS_warmup;
  options.lag = FLAGS_lag;
  return options;
}

// Our flags only, without those that gflags and the log have for themselves.
void PrintHelp() {
  std::cout << "mqbench: measures a broker over RocketMQ's public protocol, ours or Apache's\n"
               "  mqbench -mode send -in_flight 1024 -pids $(pgrep -d, mqbroker)\n"
               "  mqbench -mode e2e -rate 20000 -size 1024 -seconds 120 -json\n"
               "exit code: 0, 1 no broker, 2 wrong option, 3 some messages were refused\n\n";
  std::vector<gflags::CommandLineFlagInfo> flags;
  gflags::GetAllFlags(&flags);
  for (const auto& flag : flags) {
    if (!flag.filename.ends_with("console/bench/main.cc")) continue;
    std::cout << "  -" << flag.name
              << std::string(flag.name.size() < 12 ? 13 - flag.name.size() : 1, ' ')
              << flag.description;
    if (!flag.default_value.empty()) std::cout << " [" << flag.default_value << ']';
    std::cout << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  gflags::ParseCommandLineNonHelpFlags(&argc, &argv, true);
  std::string help;
  if (gflags::GetCommandLineOption("help", &help) && help == "true") {
    PrintHelp();
    return 0;
  }
  if (argc > 1) {
    std::cerr << "mqbench: '" << argv[1] << "' is no option; see mqbench --help\n";
    return 2;
  }
  auto options = ParseOptions();
  if (!options.ok()) {
    std::cerr << "mqbench: " << options.error().message() << '\n';
    return 2;
  }
  std::signal(SIGINT, [](int) { g_stop = true; });
  std::signal(SIGTERM, [](int) { g_stop = true; });
  comet::bench::Results results;
  if (const auto status = comet::bench::RunLoad(*options, g_stop, &results); !status.ok()) {
    std::cerr << "mqbench: " << status.message() << '\n';
    return 1;
  }
  std::cout << (FLAGS_json ? JsonReport(*options, results) : TextReport(*options, results));
  return results.refusals.empty() ? 0 : 3;
}
