// Sends ten messages, reads them back and has them pushed: consumer NAMESRV TOPIC
#include <comet/client.h>

#include <atomic>
#include <iostream>
#include <string>

namespace {

int Fail(const comet::Error& error) {
  std::cerr << error.message() << '\n';
  return 1;
}

// How many messages the topic's queues have, read by a pull consumer.
comet::Result<std::size_t> Pull(comet::Client& client, const std::string& topic) {
  auto consumer = client.pull_consumer(comet::PullConsumerOptions().set_group("pulling"));
  if (!consumer) return consumer.error();
  const auto queues = consumer->queues(topic);
  if (!queues) return queues.error();
  if (auto assigned = consumer->assign(*queues); !assigned) return assigned.error();
  for (const comet::Queue& queue : *queues) {
    if (auto sought = consumer->seek(queue, comet::Position::begin()); !sought) {
      return sought.error();
    }
  }
  std::size_t received = 0;
  for (int polls = 0; received < 10 && polls < 100; ++polls) {
    const auto messages = consumer->poll(std::chrono::milliseconds(200));
    if (!messages) return messages.error();
    received += messages->size();
  }
  return received;
}

// How many of ten messages a push consumer is given.
comet::Result<std::size_t> BePushed(comet::Client& client, const std::string& topic) {
  comet::PushConsumerOptions options;
  options.group = "pushed_" + topic;
  options.start = comet::StartFrom::first();
  options.allocation = comet::averagely_by_circle();
  std::atomic<std::size_t> received = 0;
  auto consumer = client.push_consumer(options);
  if (!consumer) return consumer.error();
  auto subscribed =
      consumer->subscribe(topic, comet::Filter::all(), [&](const comet::MessageView& message) {
        if (!message.body().empty()) {
          ++received;
          received.notify_all();
        }
        return comet::Action::ack;
      });
  if (!subscribed) return subscribed.error();
  if (auto started = consumer->start(); !started) return started.error();
  for (std::size_t now = received; now < 10; now = received) received.wait(now);
  if (auto closed = consumer->close(); !closed) return closed.error();
  return received.load();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string topic = argv[2];
  auto client = comet::Client::connect(comet::ClientOptions().set_namesrv(argv[1]));
  if (!client) return Fail(client.error());
  auto producer = (*client)->producer();
  if (!producer) return Fail(producer.error());
  for (int i = 0; i < 10; ++i) {
    const auto sent = producer->send(comet::Message(topic, "message " + std::to_string(i)));
    if (!sent) return Fail(sent.error());
  }
  const auto pulled = Pull(**client, topic);
  if (!pulled) return Fail(pulled.error());
  const auto pushed = BePushed(**client, topic);
  if (!pushed) return Fail(pushed.error());
  std::cout << *pulled << " messages pulled, " << *pushed << " pushed\n";
  return *pulled == 10 && *pushed >= 10 ? 0 : 1;
}
