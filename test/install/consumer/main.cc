// Sends ten messages and reads them back: consumer NAMESRV TOPIC
#include <comet/client.h>

#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string topic = argv[2];
  const auto fail = [](const comet::Error& error) {
    std::cerr << error.message() << '\n';
    return 1;
  };
  auto client = comet::Client::connect(comet::ClientOptions().set_namesrv(argv[1]));
  if (!client) return fail(client.error());
  auto producer = (*client)->producer();
  if (!producer) return fail(producer.error());
  for (int i = 0; i < 10; ++i) {
    const auto sent = producer->send(comet::Message(topic, "message " + std::to_string(i)));
    if (!sent) return fail(sent.error());
  }
  auto consumer = (*client)->pull_consumer(comet::PullConsumerOptions().set_group("installed"));
  if (!consumer) return fail(consumer.error());
  const auto queues = consumer->queues(topic);
  if (!queues) return fail(queues.error());
  if (auto assigned = consumer->assign(*queues); !assigned) return fail(assigned.error());
  for (const comet::Queue& queue : *queues) {
    if (auto sought = consumer->seek(queue, comet::Position::begin()); !sought) {
      return fail(sought.error());
    }
  }
  std::size_t received = 0;
  for (int polls = 0; received < 10 && polls < 100; ++polls) {
    const auto messages = consumer->poll(std::chrono::milliseconds(200));
    if (!messages) return fail(messages.error());
    received += messages->size();
  }
  std::cout << received << " messages\n";
  return received == 10 ? 0 : 1;
}
