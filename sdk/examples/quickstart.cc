// Sends messages to a topic and reads them back: quickstart [NAMESRV [TOPIC [COUNT]]].
#include <comet/client.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>

namespace {

using namespace std::chrono_literals;

int Fail(const char* what, const comet::Error& error) {
  std::cerr << what << ": " << error.message() << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  comet::ClientOptions options;
  options.namesrv = argc > 1 ? argv[1] : "127.0.0.1:9876";
  const std::string topic = argc > 2 ? argv[2] : "quickstart";
  const int count = argc > 3 ? std::atoi(argv[3]) : 1000;

  auto client = comet::Client::connect(options);
  if (!client) return Fail("connect", client.error());
  auto consumer =
      (*client)->pull_consumer(comet::PullConsumerOptions().set_group("quickstart_consumer"));
  if (!consumer) return Fail("consumer", consumer.error());
  auto producer = (*client)->producer(comet::ProducerOptions().set_group("quickstart_producer"));
  if (!producer) return Fail("producer", producer.error());

  // The consumer takes its place before the first message is sent.
  auto queues = consumer->queues(topic);
  if (!queues) return Fail("queues", queues.error());
  if (auto assigned = consumer->assign(*queues); !assigned) return Fail("assign", assigned.error());

  std::set<std::string> sent;
  for (int i = 0; i < count; ++i) {
    comet::Message message(topic, "message " + std::to_string(i));
    message.tag("quickstart").key("key-" + std::to_string(i));
    auto receipt = producer->send(std::move(message));
    if (!receipt) return Fail("send", receipt.error());
    sent.insert(receipt->message_id);
  }
  std::cout << "sent     " << sent.size() << " messages to " << topic << '\n';

  std::size_t received = 0;
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!sent.empty() && std::chrono::steady_clock::now() < deadline) {
    auto messages = consumer->poll(1s);
    if (!messages) return Fail("poll", messages.error());
    for (const auto& message : *messages) received += sent.erase(message.id());
  }
  if (auto committed = consumer->commit(); !committed) return Fail("commit", committed.error());
  std::cout << "received " << received << " of them\n";
  if (!sent.empty()) {
    std::cerr << sent.size() << " messages did not arrive within 30 s\n";
    return 1;
  }
  return 0;
}
