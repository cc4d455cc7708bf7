// Interceptors on both sides prove that nothing was lost: each producer numbers its messages, the
// consumer's side notes which numbers have arrived: loss_detection [NAMESRV [TOPIC]].
#include <atomic>
#include <map>
#include <set>

#include "example.h"

namespace {

// Gives every message the producer's name and the next number.
class Numbering : public comet::Interceptor {
 public:
  void before_send(comet::Message& message, std::string_view /*group*/) override {
    message.property("sequence", std::to_string(++last_)).property("sequence_of", "till-7");
  }
  std::uint64_t last() const { return last_; }

 private:
  std::atomic<std::uint64_t> last_ = 0;
};

// Remembers the numbers of what was consumed; those up to the highest that are not among them are
// lost, or still on their way.
class Checking : public comet::Interceptor {
 public:
  void after_consume(const comet::ConsumeContext& context, bool consumed) override {
    if (!consumed) return;
    const std::lock_guard lock(mutex_);
    for (const comet::MessageView& message : context.messages) {
      const auto number = message.property("sequence");
      const auto producer = message.property("sequence_of");
      if (!number || !producer) continue;
      auto& seen = seen_[std::string(*producer)];
      if (!seen.insert(std::stoull(std::string(*number))).second) ++again_;
    }
  }
  std::size_t missing(const std::string& producer, std::uint64_t last) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(last) - seen_[producer].size();
  }
  std::size_t again() {
    const std::lock_guard lock(mutex_);
    return again_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::set<std::uint64_t>> seen_;
  std::size_t again_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace example;
  const Arguments arguments(argc, argv);
  const auto numbering = std::make_shared<Numbering>();
  const auto checking = std::make_shared<Checking>();
  comet::ClientOptions options;
  options.namesrv = arguments.namesrv;
  options.interceptors = {numbering, checking};
  const auto client = Take(comet::Client::connect(options));

  Counter handled;
  auto consumer = NewConsumer(*client, arguments.group("loss_detection"));
  Take(consumer.subscribe(arguments.topic, comet::Filter::all(), [&](const comet::MessageView&) {
    handled.Add();
    return comet::Action::ack;
  }));
  Take(consumer.start());

  auto producer = Take(client->producer());
  for (int i = 0; i < 200; ++i) {
    Take(producer.send(comet::Message(arguments.topic, "sale " + std::to_string(i))));
  }
  handled.Await(200, "messages");
  Take(consumer.close());  // afterwards nothing is consumed any more
  const std::size_t missing = checking->missing("till-7", numbering->last());
  std::cout << numbering->last() << " sent, " << missing << " missing, " << checking->again()
            << " delivered again\n";
  return missing == 0 ? 0 : 1;
}
