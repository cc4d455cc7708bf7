// A consumer that wants some tags only; the broker leaves the others out: filter [NAMESRV [TOPIC]].
#include <array>

#include "example.h"

int main(int argc, char** argv) {
  using namespace example;
  const Arguments arguments(argc, argv);
  const auto client = Connect(arguments);

  Counter handled;
  auto consumer = NewConsumer(*client, arguments.group("filter"));
  Take(consumer.subscribe(arguments.topic, comet::Filter::tag("paid || refunded"),
                          [&](const comet::MessageView& message) {
                            if (message.tag() == "created") {
                              std::cerr << "error: a message that was not wanted\n";
                              std::exit(1);
                            }
                            handled.Add();
                            return comet::Action::ack;
                          }));
  Take(consumer.start());

  auto producer = Take(client->producer());
  constexpr std::array kTags{"created", "paid", "refunded"};
  for (int i = 0; i < 30; ++i) {
    comet::Message message(arguments.topic, "order " + std::to_string(i));
    message.tag(kTags[static_cast<std::size_t>(i) % kTags.size()]);
    Take(producer.send(std::move(message)));
  }
  handled.Await(20, "wanted messages");
  std::cout << "20 of 30 messages were wanted, and came\n";
  return 0;
}
