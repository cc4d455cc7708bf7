// Every consumer of a broadcasting group gets every message: broadcast [NAMESRV [TOPIC]].
#include "example.h"

int main(int argc, char** argv) {
  using namespace example;
  const Arguments arguments(argc, argv);
  // Two consumers of one group are two processes, or at least two clients.
  const auto first_client = Connect(arguments);
  const auto second_client = Connect(arguments);

  comet::PushConsumerOptions options;
  options.group = arguments.group("broadcast");
  options.model = comet::Model::broadcasting;
  options.start = comet::StartFrom::first();
  Counter one, two;
  const auto consume = [&](comet::Client& client, Counter& counter) {
    auto consumer = Take(client.push_consumer(options));
    Take(consumer.subscribe(arguments.topic, comet::Filter::all(),
                            [&counter](const comet::MessageView&) {
                              counter.Add();
                              return comet::Action::ack;
                            }));
    Take(consumer.start());
    return consumer;
  };
  const auto first = consume(*first_client, one);
  const auto second = consume(*second_client, two);

  auto producer = Take(first_client->producer());
  for (int i = 0; i < 20; ++i) {
    Take(producer.send(comet::Message(arguments.topic, "news " + std::to_string(i))));
  }
  one.Await(20, "messages of the first consumer");
  two.Await(20, "messages of the second consumer");
  std::cout << "20 messages reached each of two consumers\n";
  return 0;
}
