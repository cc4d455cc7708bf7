// A handler that may do only so much a second: it takes its time, and flow control keeps what
// waits in memory small: rate_limited [NAMESRV [TOPIC]].
#include <algorithm>
#include <thread>

#include "example.h"

namespace {

// Lets through `rate` callers a second, and makes the others wait for their turn.
class Pace {
 public:
  explicit Pace(int rate) : step_(std::chrono::nanoseconds(std::chrono::seconds(1)) / rate) {}

  void Await() {
    std::chrono::steady_clock::time_point turn;
    {
      const std::lock_guard lock(mutex_);
      turn = std::max(next_, std::chrono::steady_clock::now());
      next_ = turn + step_;
    }
    std::this_thread::sleep_until(turn);
  }

 private:
  const std::chrono::nanoseconds step_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace example;
  const Arguments arguments(argc, argv);
  const auto client = Connect(arguments);
  auto producer = Take(client->producer());
  for (int i = 0; i < 300; ++i) {
    Take(producer.send(comet::Message(arguments.topic, "job " + std::to_string(i))));
  }

  Pace pace(100);
  Counter handled;
  comet::PushConsumerOptions options;
  options.group = arguments.group("rate_limited");
  options.start = comet::StartFrom::first();
  options.concurrency = 4;
  options.cache_messages = 32;  // of each queue; more is not pulled while they wait
  auto consumer = Take(client->push_consumer(options));
  Take(consumer.subscribe(arguments.topic, comet::Filter::all(), [&](const comet::MessageView&) {
    pace.Await();
    handled.Add();
    return comet::Action::ack;
  }));
  const auto begin = std::chrono::steady_clock::now();
  Take(consumer.start());
  handled.Await(300, "jobs");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::cout << "300 jobs in " << took.count() << " s\n";
  return took.count() >= 2.9 ? 0 : 1;
}
