// Messages with one ordering key arrive in the order in which they were sent, whatever happens to
// consumers and brokers: ordered [NAMESRV [TOPIC]].
#include <map>

#include "example.h"

int main(int argc, char** argv) {
  using namespace example;
  const Arguments arguments(argc, argv);
  const auto client = Connect(arguments);

  constexpr int kOrders = 10, kSteps = 5;
  std::mutex mutex;
  std::map<std::string, int> done;  // order -> its last step
  Counter handled;
  auto consumer = NewConsumer(*client, arguments.group("ordered"));
  Take(consumer.subscribe_ordered(
      arguments.topic, comet::Filter::all(), [&](const comet::MessageView& message) {
        const std::string order(message.keys());
        const int step = std::atoi(std::string(message.body()).c_str());
        {
          const std::lock_guard lock(mutex);
          if (step > done[order] + 1) {
            std::cerr << "error: " << order << " skips a step\n";
            std::exit(1);
          }
          if (step <= done[order]) return comet::Action::ack;  // delivered again: nothing to do
          // The third step of this order needs a second attempt; the steps behind it wait.
          if (order == "order-3" && step == 3 && message.retry_count() == 0) {
            return comet::Action::suspend_queue;
          }
          done[order] = step;
        }
        handled.Add();
        return comet::Action::ack;
      }));
  Take(consumer.start());

  auto producer = Take(client->producer());
  for (int step = 1; step <= kSteps; ++step) {
    for (int order = 0; order < kOrders; ++order) {
      const std::string name = "order-" + std::to_string(order);
      comet::Message message(arguments.topic, std::to_string(step));
      message.key(name).ordering_key(name);
      Take(producer.send(std::move(message)));
    }
  }
  handled.Await(kOrders * kSteps, "ordered messages");
  std::cout << kOrders << " orders of " << kSteps << " steps, each in its order\n";
  return 0;
}
