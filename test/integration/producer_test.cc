#include <comet/future.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "producer_fixture.h"
#include "remoting/base/mutex.h"

namespace comet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// Numbers what is sent and remembers what came of it.
class Numbering : public Interceptor {
 public:
  void before_send(Message& message, std::string_view group) override {
    message.property("number", std::to_string(next_++)).property("group", std::string(group));
  }
  void after_send(const SendContext& context, const Result<SendReceipt>& outcome) override {
    MutexLock lock(mutex_);
    seen_.push_back(std::string(context.message.property("number").value_or("?")) +
                    (outcome ? " ok" : " failed"));
    if (!context.message_id.empty()) ids_.insert(std::string(context.message_id));
  }
  std::vector<std::string> seen() {
    MutexLock lock(mutex_);
    return seen_;
  }
  std::size_t ids() {
    MutexLock lock(mutex_);
    return ids_.size();
  }

 private:
  std::atomic<int> next_ = 0;
  Mutex mutex_;
  std::vector<std::string> seen_ GUARDED_BY(mutex_);
  std::set<std::string> ids_ GUARDED_BY(mutex_);
};

class Throwing : public Interceptor {
 public:
  void before_send(Message& /*message*/, std::string_view /*group*/) override {
    throw std::runtime_error("no paper");
  }
};

TEST_F(ProducerTest, InterceptorsSeeEveryMessageBeforeAndAfterItIsSent) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  const auto numbering = std::make_shared<Numbering>();
  ClientOptions options = Options();
  options.interceptors = {numbering};
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client, Patient().set_group("shop"));
  ASSERT_TRUE(producer.send(Message("orders", "zero")));
  ASSERT_TRUE(producer.send_future(Message("orders", "one")).get());
  ASSERT_TRUE(producer.send_batch({Message("orders", "two"), Message("orders", "three")}));
  EXPECT_FALSE(producer.send(Message("orders", "lost"), Queue{"orders", "broker-a", 9}));
  EXPECT_THAT(numbering->seen(), ElementsAre("0 ok", "1 ok", "2 ok", "3 ok", "4 failed"));
  EXPECT_EQ(numbering->ids(), 5U);
  const auto stored = Read({"orders", "broker-a", 0}, 4);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    EXPECT_EQ(stored[i].property("number"), std::to_string(i));
    EXPECT_EQ(stored[i].property("group"), "shop");
  }
}

TEST_F(ProducerTest, AnInterceptorThatThrowsIsLoggedAndIgnored) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  ClientOptions options = Options();
  std::string logged;
  options.log = [&](Severity, std::string_view component, std::string_view text) {
    if (component == "interceptor") logged = std::string(text);
  };
  options.interceptors = {std::make_shared<Throwing>()};
  const auto client = Connect(options);
  EXPECT_TRUE(MakeProducer(*client).send(Message("orders", "x")));
  EXPECT_EQ(logged, "before_send has thrown: no paper");
}

TEST_F(ProducerTest, ANameSpaceIsSeenByBrokersAndNotByTheApplication) {
  cluster_.AddBroker("broker-a");
  MakeTopic("blue%orders", 1, 1);
  ClientOptions options = Options();
  options.name_space = "blue";
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  EXPECT_THAT(*producer.queues("orders"), ElementsAre(Queue{"orders", "broker-a", 0}));
  const auto receipt = producer.send(Message("orders", "x"));
  ASSERT_TRUE(receipt) << receipt.error().message();
  EXPECT_EQ(receipt->queue, (Queue{"orders", "broker-a", 0}));
  const auto stored = Read({"blue%orders", "broker-a", 0}, 1);
  EXPECT_EQ(stored.at(0).body(), "x");
  EXPECT_EQ(stored.at(0).property("INSTANCE_ID"), "blue");
}

// Writes down what it is given.
class Recording : public MetricsSink {
 public:
  void counter(std::string_view name, std::span<const MetricLabel> labels,
               std::uint64_t increment) override {
    Note(name, labels, std::to_string(increment));
  }
  void gauge(std::string_view /*name*/, std::span<const MetricLabel> /*labels*/,
             double /*value*/) override {}
  void histogram(std::string_view name, std::span<const MetricLabel> labels,
                 double value) override {
    Note(name, labels, value >= 0 && value < 60 ? "seconds" : "nonsense");
    throw std::runtime_error("what a sink throws is ignored");
  }
  std::vector<std::string> lines() {
    MutexLock lock(mutex_);
    return lines_;
  }

 private:
  void Note(std::string_view name, std::span<const MetricLabel> labels, const std::string& value) {
    std::string line(name);
    for (const MetricLabel& label : labels) {
      line += " " + std::string(label.name) + "=" + std::string(label.value);
    }
    MutexLock lock(mutex_);
    lines_.push_back(line + " " + value);
  }

  Mutex mutex_;
  std::vector<std::string> lines_ GUARDED_BY(mutex_);
};

TEST_F(ProducerTest, EverySendIsMeasuredWithItsTopicAndOutcome) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  const auto sink = std::make_shared<Recording>();
  ClientOptions options = Options();
  options.metrics = sink;
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("orders", "four")));
  EXPECT_FALSE(producer.send(Message("orders", "lost"), Queue{"orders", "broker-a", 9}));
  EXPECT_THAT(sink->lines(),
              ElementsAre("comet_send_seconds topic=orders outcome=ok seconds",
                          "comet_send_bytes topic=orders 4",
                          "comet_send_seconds topic=orders outcome=invalid argument seconds",
                          "comet_send_bytes topic=orders 4"));
}

TEST_F(ProducerTest, InAForkedChildEverySendSaysWhyItCannotBeDone) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  const auto client = Connect(Options());
  auto producer = std::make_unique<Producer>(MakeProducer(*client));
  ASSERT_TRUE(producer->send(Message("orders", "x")));
  const pid_t child = ::fork();
  if (child == 0) {
    const auto refused = producer->send_async(Message("orders", "y"), [](Result<SendReceipt>) {});
    const bool told = !refused && refused.error().code() == Errc::closed;
    producer.reset();  // waits for nobody
    ::_exit(told ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(producer->send(Message("orders", "z"))) << "the parent goes on";
}

TEST_F(ProducerTest, TheVipChannelIsThePortTwoBelow) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  ClientOptions options = Options();
  options.vip_channel = true;
  const auto client = Connect(options);
  const auto refused =
      MakeProducer(*client).send(Message("orders", "x"), Queue{"orders", "broker-a", 9});
  ASSERT_FALSE(refused);
  const std::string address = cluster_.AddressOf("broker-a");
  const auto port = std::stoi(address.substr(address.rfind(':') + 1));
  EXPECT_THAT(refused.error().server(), HasSubstr(":" + std::to_string(port - 2)));
}

TEST_F(ProducerTest, AQueueOfAnotherTopicIsRefused) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  const auto receipt = producer.send(Message("orders", "x"), Queue{"invoices", "broker-a", 0});
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().code(), Errc::invalid_argument);
  EXPECT_EQ(receipt.error().message(), "queue invoices@broker-a:0 is not of topic orders");
}

TEST_F(ProducerTest, AMessageThatNeverFitsIsRefusedAtOnce) {
  const auto client = Connect(Options());
  ProducerOptions options = Patient();
  options.max_pending_bytes = 100;
  options.block_when_full = true;
  Producer producer = MakeProducer(*client, options);
  const auto receipt = producer.send(Message("orders", std::string(101, 'x')));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().code(), Errc::message_too_large);
}

// Takes every descriptor that this process may still have, until it goes.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{.rlim_cur = 64, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    for (int taken = dup(0); taken >= 0; taken = dup(0)) taken_.push_back(taken);
  }
  ~NoDescriptors() {
    for (const int taken : taken_) close(taken);
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST_F(ProducerTest, WithoutDescriptorsConnectIsAnErrorAndTheProcessLives) {
  {
    const NoDescriptors none;
    const auto client = Client::connect(Options());
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code(), Errc::busy);
    EXPECT_NE(client.error().message().find("no descriptors"), std::string::npos);
  }
  EXPECT_TRUE(Client::connect(Options()));
}

}  // namespace
}  // namespace comet
