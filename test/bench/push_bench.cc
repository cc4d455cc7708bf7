// How fast a push consumer of the SDK consumes what is stored already, and what it costs.
//   push_bench NAMESRV TOPIC MESSAGES [GROUP]
// Prints one line: messages a second, and processor time of this process per message.
#include <comet/client.h>
#include <sys/resource.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <future>
#include <string>
#include <string_view>

namespace {

double CpuSeconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

int Fail(const comet::Error& error) {
  std::fprintf(stderr, "push_bench: %s\n", error.message().c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("push_bench NAMESRV TOPIC MESSAGES [GROUP]\n", stderr);
    return 2;
  }
  long wanted = 0;
  const std::string_view count = argv[3];
  std::from_chars(count.data(), count.data() + count.size(), wanted);
  comet::PushConsumerOptions options;
  options.group = argc > 4 ? argv[4] : "push_bench";
  options.start = comet::StartFrom::first();

  auto client = comet::Client::connect(comet::ClientOptions().set_namesrv(argv[1]));
  if (!client) return Fail(client.error());
  auto consumer = (*client)->push_consumer(options);
  if (!consumer) return Fail(consumer.error());

  using Clock = std::chrono::steady_clock;
  std::atomic<long> seen = 0;
  std::atomic<std::size_t> bytes = 0;
  std::atomic<Clock::rep> first = 0;
  std::promise<Clock::time_point> all;
  auto subscribed =
      consumer->subscribe(argv[2], comet::Filter::all(), [&](const comet::MessageView& message) {
        bytes.fetch_add(message.body().size(), std::memory_order_relaxed);
        const long now = seen.fetch_add(1, std::memory_order_relaxed) + 1;
        if (now == 1) first = Clock::now().time_since_epoch().count();
        if (now == wanted) all.set_value(Clock::now());
        return comet::Action::ack;
      });
  if (!subscribed) return Fail(subscribed.error());
  const double cpu_before = CpuSeconds();
  if (auto started = consumer->start(); !started) return Fail(started.error());
  const auto end = all.get_future().get();
  const double cpu = CpuSeconds() - cpu_before;
  const Clock::time_point begin{Clock::duration(first.load())};
  const double seconds = std::chrono::duration<double>(end - begin).count();
  const auto stats = consumer->stats();
  std::printf("%.0f msg/s, %.2f us of client CPU a message, %.1f MB/s, %d threads, %ld messages\n",
              static_cast<double>(wanted) / seconds, cpu * 1e6 / static_cast<double>(wanted),
              static_cast<double>(bytes.load()) / seconds / 1e6, stats.threads, seen.load());
  return 0;
}
