// Many messages in one request, by hand and by themselves, and a handler that takes them in
// batches: batch [NAMESRV [TOPIC]].
#include <vector>

#include "example.h"

int main(int argc, char** argv) {
  using namespace example;
  const Arguments arguments(argc, argv);
  const auto client = Connect(arguments);

  Counter handled, calls;
  comet::PushConsumerOptions options;
  options.group = arguments.group("batch");
  options.start = comet::StartFrom::first();
  options.batch = 32;
  auto consumer = Take(client->push_consumer(options));
  Take(consumer.subscribe_batch(arguments.topic, comet::Filter::all(),
                                [&](std::span<const comet::MessageView> messages) {
                                  calls.Add();
                                  handled.Add(messages.size());
                                  return comet::BatchAction::ack_all();
                                }));
  Take(consumer.start());

  // By hand: the messages of one request are stored together or not at all.
  auto producer = Take(client->producer());
  std::vector<comet::Message> batch;
  for (int i = 0; i < 100; ++i) {
    batch.emplace_back(arguments.topic, "by hand " + std::to_string(i));
  }
  const auto receipt = Take(producer.send_batch(std::move(batch)));
  std::cout << "100 messages in one request, the first at " << receipt.queue.to_string() << " "
            << receipt.offset << '\n';

  // By themselves: what is sent within a moment shares a request; each has its own receipt.
  comet::ProducerOptions batching;
  batching.auto_batch.enabled = true;
  auto second = Take(client->producer(batching));
  Counter stored;
  for (int i = 0; i < 1000; ++i) {
    Take(second.send_async(comet::Message(arguments.topic, "by itself " + std::to_string(i)),
                           [&](comet::Result<comet::SendReceipt> sent) {
                             Take(std::move(sent));
                             stored.Add();
                           }));
  }
  stored.Await(1000, "receipts");
  handled.Await(1100, "messages");
  std::cout << handled.count() << " messages handled in " << calls.count() << " calls\n";
  return 0;
}
