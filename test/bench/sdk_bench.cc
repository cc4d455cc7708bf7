// What the SDK costs, as an application sees it; one line: rate, CPU of this process per message,
// memory. `sdk_bench --help` names the modes and options.
//
// The broker is a process of its own, the topic exists. Compare with mqbench, which writes ready
// frames: the difference is what the SDK adds.

#include <comet/client.h>

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "remoting/base/text.h"

namespace comet {
namespace {

constexpr const char* kHelp =
    "usage: sdk_bench MODE [NAME=VALUE ...]\n"
    "  async       sends one by one, window= of them unanswered\n"
    "  autobatch   the same with automatic batching\n"
    "options: namesrv=127.0.0.1:9876 topic=bench size=100 window=1024 seconds=3 warmup=1\n"
    "example: mqbench -mode send -in_flight 1024; sdk_bench async window=1024\n";

using SteadyClock = std::chrono::steady_clock;

struct Options {
  std::string mode, namesrv = "127.0.0.1:9876", topic = "bench";
  std::size_t size = 100, window = 1024;
  int seconds = 3, warmup = 1;
};

bool Parse(int argc, char** argv, Options* options) {
  if (argc < 2) return false;
  options->mode = argv[1];
  for (int i = 2; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view name = word.substr(0, equals);
    const std::string_view value = word.substr(equals + 1);
    const auto number = ParseNumber<int>(value);
    if (name == "namesrv") {
      options->namesrv = value;
    } else if (name == "topic") {
      options->topic = value;
    } else if (!number || *number <= 0) {
      return false;
    } else if (name == "size") {
      options->size = static_cast<std::size_t>(*number);
    } else if (name == "window") {
      options->window = static_cast<std::size_t>(*number);
    } else if (name == "seconds") {
      options->seconds = *number;
    } else if (name == "warmup") {
      options->warmup = *number;
    } else {
      return false;
    }
  }
  return options->mode == "async" || options->mode == "autobatch";
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double ResidentMib() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0, resident = 0;
  statm >> pages >> resident;
  return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// Counts between two moments while traffic goes on.
struct Counted {
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> failed = 0;
};

void Report(const Options& options, const Counted& counted) {
  std::this_thread::sleep_for(std::chrono::seconds(options.warmup));
  const auto start = SteadyClock::now();
  const double cpu = CpuSeconds();
  const std::int64_t before = counted.done.load();
  std::this_thread::sleep_for(std::chrono::seconds(options.seconds));
  const auto messages = static_cast<double>(counted.done.load() - before);
  const double used = CpuSeconds() - cpu;
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - start).count();
  std::printf("%s window %zu size %zu: %.0f k msg/s, client CPU %.2f us/msg, RSS %.1f MiB, %lld failed\n",
              options.mode.c_str(), options.window, options.size, messages / seconds / 1e3,
              used * 1e6 / messages, ResidentMib(), static_cast<long long>(counted.failed.load()));
}

int Send(const Options& options, Client& client) {
  ProducerOptions wanted;
  wanted.max_pending = options.window;
  wanted.block_when_full = true;
  wanted.auto_batch.enabled = options.mode == "autobatch";
  auto producer = client.producer(wanted);
  if (!producer) {
    std::fprintf(stderr, "%s\n", producer.error().message().c_str());
    return 1;
  }
  if (auto first = producer->send(Message(options.topic, "x")); !first) {
    std::fprintf(stderr, "%s\n", first.error().message().c_str());
    return 1;
  }
  Counted counted;
  std::atomic<bool> stop = false;
  std::thread sender([&] {
    const std::string body(options.size, 'x');
    while (!stop.load(std::memory_order_relaxed)) {
      auto accepted =
          producer->send_async(Message(options.topic, body), [&](const Result<SendReceipt>& receipt) {
            counted.done.fetch_add(1, std::memory_order_relaxed);
            if (!receipt) counted.failed.fetch_add(1, std::memory_order_relaxed);
          });
      if (!accepted) counted.failed.fetch_add(1, std::memory_order_relaxed);
    }
  });
  Report(options, counted);
  stop = true;
  sender.join();
  return counted.failed.load() == 0 ? 0 : 3;
}

int Main(int argc, char** argv) {
  Options options;
  if (!Parse(argc, argv, &options)) {
    const bool asked = argc == 2 && std::string_view(argv[1]) == "--help";
    std::fputs(kHelp, asked ? stdout : stderr);
    return asked ? 0 : 2;
  }
  auto client = Client::connect(ClientOptions().set_namesrv(options.namesrv));
  if (!client) {
    std::fprintf(stderr, "%s\n", client.error().message().c_str());
    return 1;
  }
  return Send(options, **client);
}

}  // namespace
}  // namespace comet

int main(int argc, char** argv) {
  return comet::Main(argc, argv);
}
