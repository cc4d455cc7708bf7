// Reads queues at its own pace, from where it wants: pull [NAMESRV [TOPIC]].
#include "example.h"

int main(int argc, char** argv) {
  using namespace example;
  const Arguments arguments(argc, argv);
  const auto client = Connect(arguments);

  const auto begin = std::chrono::system_clock::now();
  auto producer = Take(client->producer());
  for (int i = 0; i < 50; ++i) {
    Take(producer.send(comet::Message(arguments.topic, "record " + std::to_string(i))));
  }

  comet::PullConsumerOptions options;
  options.group = arguments.group("pull");
  auto consumer = Take(client->pull_consumer(options));
  const auto queues = Take(consumer.queues(arguments.topic));
  Take(consumer.assign(queues));
  // From what was stored since this program began; begin(), end() and at(offset) exist too.
  for (const comet::Queue& queue : queues) {
    Take(consumer.seek(queue, comet::Position::at_time(begin)));
  }

  std::size_t count = 0;
  for (int polls = 0; count < 50 && polls < 60; ++polls) {
    for (const auto& message : Take(consumer.poll(1s))) {
      if (message.store_time() + 1s >= begin) ++count;
    }
  }
  Take(consumer.commit());  // the group goes on here next time
  std::cout << count << " records read; committed:";
  for (const comet::Queue& queue : queues) std::cout << ' ' << Take(consumer.committed(queue));
  std::cout << '\n';
  return count >= 50 ? 0 : 1;
}
