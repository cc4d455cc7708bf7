// A message that cannot be handled comes again later, and in the end becomes a dead letter that
// somebody can look at: retry [NAMESRV [TOPIC]].
#include <chrono>
#include <thread>

#include "example.h"

int main(int argc, char** argv) {
  using namespace example;
  const Arguments arguments(argc, argv);
  const auto client = Connect(arguments);

  Counter handled, refused;
  comet::PushConsumerOptions options;
  options.group = arguments.group("retry");
  options.start = comet::StartFrom::first();
  options.max_reconsume = 2;  // then it is a dead letter; 16 unless set
  auto consumer = Take(client->push_consumer(options));
  Take(consumer.subscribe_batch(
      arguments.topic, comet::Filter::all(), [&](std::span<const comet::MessageView> messages) {
        const comet::MessageView& message = messages.front();  // one at a time, unless set
        std::cout << message.body() << ", retry " << message.retry_count() << '\n';
        if (message.body() == "hopeless" ||
            (message.body() == "difficult" && message.retry_count() == 0)) {
          refused.Add();
          return comet::BatchAction::retry_all(1);  // delay level 1: after a second
        }
        handled.Add();
        return comet::BatchAction::ack_all();
      }));
  Take(consumer.start());

  auto producer = Take(client->producer());
  for (const char* body : {"easy", "difficult", "hopeless"}) {
    Take(producer.send(comet::Message(arguments.topic, body)));
  }
  handled.Await(2, "messages that are handled in the end");
  refused.Await(4, "refusals: one of the difficult, three of the hopeless");

  // Dead letters are a topic like any other.
  comet::PullConsumerOptions reader;
  reader.group = arguments.group("dead_letters");
  auto letters = Take(client->pull_consumer(reader));
  const comet::Queue queue{"%DLQ%" + options.group,
                           Take(client->queues(arguments.topic)).front().broker, 0};
  const auto deadline = std::chrono::steady_clock::now() + 1min;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto batch = letters.pull(queue, 0, 1, comet::Filter::all(), 100ms);
    if (!batch || batch->messages.empty()) {  // not there yet, as the topic may be
      std::this_thread::sleep_for(100ms);
      continue;
    }
    std::cout << "dead letter: " << batch->messages.front().body() << '\n';
    return 0;
  }
  std::cerr << "error: no dead letter within a minute\n";
  return 1;
}
