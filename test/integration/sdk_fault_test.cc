// Producers and push consumers behind a network that fails: half of the faults' length and order
// is drawn from a seed. COMET_FAULT_SECONDS sets for how long (15 by default), COMET_FAULT_SEED
// repeats a run.
#include <comet/client.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cluster.h"
#include "fault_proxy.h"
#include "remoting/base/mutex.h"
#include "remoting/base/text.h"
#include "test/base/sanitized.h"

namespace comet {
namespace {

using namespace std::chrono_literals;
using Fault = FaultProxy::Fault;

constexpr std::array kFaults{Fault::kDelay,  Fault::kByteWise,     Fault::kHalfOpen,
                             Fault::kRefuse, Fault::kResetInFrame, Fault::kNone};
constexpr const char* kProxyHost = "127.0.0.2";  // brokers announce it, and listen elsewhere
// Consumption goes on within this time, of which timeouts take 6 s.
constexpr auto kResumed = kSanitized ? 30s : 10s;
constexpr std::size_t kInFlight = 8;  // of each sender: the test is not about speed

long FromEnvironment(const char* name, long otherwise) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? otherwise : std::strtol(text, nullptr, 10);
}

// A set of bodies that threads fill and wait for.
class Bodies {
 public:
  void Add(std::string body) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (!bodies_.insert(std::move(body)).second) ++again_;
    changed_.NotifyAll();
  }
  bool Await(const std::string& body, Duration time) EXCLUDES(mutex_) {
    const MonoTime end = SystemClock().Now() + time;
    MutexLock lock(mutex_);
    while (bodies_.count(body) == 0) {
      const MonoTime now = SystemClock().Now();
      if (now >= end) return false;
      changed_.WaitFor(mutex_, end - now);
    }
    return true;
  }
  std::set<std::string> All() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return bodies_;
  }
  std::size_t again() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return again_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::set<std::string> bodies_ GUARDED_BY(mutex_);
  std::size_t again_ GUARDED_BY(mutex_) = 0;
};

// Sends numbered messages without end, a few at a time, and notes which were acknowledged.
class Sender {
 public:
  Sender(Producer& producer, std::string name, Bodies& acknowledged)
      : producer_(producer), name_(std::move(name)), acknowledged_(acknowledged) {
    thread_ = std::thread([this] { Run(); });
  }
  ~Sender() { Stop(); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  void Stop() EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      stop_ = true;
      answered_.NotifyAll();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  bool TakeTurn() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (in_flight_ >= kInFlight && !stop_) answered_.Wait(mutex_);
    if (stop_) return false;
    ++in_flight_;
    return true;
  }
  void GiveBack() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    --in_flight_;
    answered_.NotifyAll();
  }
  void Run() {
    for (int number = 0; TakeTurn(); ++number) {
      const std::string body = Concat(name_, " ", number);
      auto accepted =
          producer_.send_async(Message("orders", body), [this, body](Result<SendReceipt> receipt) {
            if (receipt) acknowledged_.Add(body);
            GiveBack();
          });
      if (!accepted) GiveBack();
    }
    MutexLock lock(mutex_);
    while (in_flight_ > 0) answered_.Wait(mutex_);
  }

  Producer& producer_;
  const std::string name_;
  Bodies& acknowledged_;
  Mutex mutex_;
  CondVar answered_;
  std::size_t in_flight_ GUARDED_BY(mutex_) = 0;
  bool stop_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

class SdkFaults : public testing::Test {
 protected:
  void SetUp() override {
    proxies_.push_back(ProxyOf(cluster_.namesrv()));
    for (const char* broker : {"broker-a", "broker-b"}) {
      cluster_.AddBroker(broker, true, kProxyHost);
      proxies_.push_back(ProxyOf(cluster_.AddressOf(broker)));
    }
    cluster_.CreateTopic("orders", 4);
  }

  static std::unique_ptr<FaultProxy> ProxyOf(const std::string& address) {
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
    return std::make_unique<FaultProxy>(kProxyHost, port, port);
  }

  std::shared_ptr<Client> Connect() {
    ClientOptions options;
    options.namesrv = proxies_.front()->address();
    options.log = [](Severity, std::string_view, std::string_view) {
    };  // there is a lot to say
    auto client = Client::connect(options);
    EXPECT_TRUE(client) << client.error().message();
    return *client;
  }

  PushConsumer Consume(Client& client, Bodies& received) {
    PushConsumerOptions options;
    options.group = "readers";
    options.start = StartFrom::first();
    auto consumer = client.push_consumer(options);
    EXPECT_TRUE(consumer) << consumer.error().message();
    auto subscribed =
        consumer->subscribe("orders", Filter::all(), [&received](const MessageView& message) {
          received.Add(std::string(message.body()));
          return Action::ack;
        });
    EXPECT_TRUE(subscribed) << subscribed.error().message();
    auto started = consumer->start();
    EXPECT_TRUE(started) << started.error().message();
    return std::move(consumer).value();
  }

  // Sends until it is acknowledged.
  static void SendSurely(Producer& producer, const std::string& body) {
    const MonoTime end = SystemClock().Now() + kResumed;
    for (;;) {
      const auto receipt = producer.send(Message("orders", body));
      if (receipt) return;
      ASSERT_LT(SystemClock().Now(), end) << receipt.error().message();
    }
  }

  // Every proxy gets a fault or none, for a while; then all are well again.
  void Trouble(std::mt19937& random) {
    for (const auto& proxy : proxies_) proxy->Set(kFaults[random() % kFaults.size()]);
    Mutex mutex;
    CondVar nobody;
    MutexLock lock(mutex);
    nobody.WaitFor(mutex, std::chrono::milliseconds(100 + random() % 1900));
    for (const auto& proxy : proxies_) proxy->Set(Fault::kNone);
  }

  Cluster cluster_;
  std::vector<std::unique_ptr<FaultProxy>> proxies_;
};

TEST_F(SdkFaults, LoseNothingAcknowledgedAndConsumptionGoesOnWithinTenSeconds) {
  const auto seed = static_cast<std::uint32_t>(
      FromEnvironment("COMET_FAULT_SEED", static_cast<long>(std::random_device()())));
  SCOPED_TRACE(Concat("COMET_FAULT_SEED=", seed));
  std::mt19937 random(seed);
  Bodies acknowledged, received;
  const auto producing = Connect();
  const auto consuming_1 = Connect();
  const auto consuming_2 = Connect();
  auto producer = producing->producer();
  ASSERT_TRUE(producer) << producer.error().message();
  PushConsumer first = Consume(*consuming_1, received);
  PushConsumer second = Consume(*consuming_2, received);
  SendSurely(*producer, "all is well");
  ASSERT_TRUE(received.Await("all is well", 30s));

  Duration longest{};
  int rounds = 0;
  {
    Sender one(*producer, "one", acknowledged);
    Sender two(*producer, "two", acknowledged);
    const MonoTime end =
        SystemClock().Now() + std::chrono::seconds(FromEnvironment("COMET_FAULT_SECONDS", 15));
    while (SystemClock().Now() < end && !HasFailure()) {
      Trouble(random);
      const std::string body = Concat("after trouble ", ++rounds);
      const MonoTime healed = SystemClock().Now();
      SendSurely(*producer, body);
      EXPECT_TRUE(received.Await(body, kResumed)) << body << ", " << rounds << " rounds";
      longest = std::max(longest, SystemClock().Now() - healed);
    }
  }
  EXPECT_LT(longest, kResumed);

  std::vector<std::string> missing;
  for (const std::string& body : acknowledged.All()) {
    if (!received.Await(body, missing.empty() ? 30s : 0s)) missing.push_back(body);
  }
  EXPECT_TRUE(missing.empty()) << missing.size() << " acknowledged and never received, among them "
                               << missing.front();
  EXPECT_GT(acknowledged.All().size(), 100U);
  std::printf("%d rounds of faults, %zu acknowledged, %zu received again, longest pause %.1f s\n",
              rounds, acknowledged.All().size(), received.again(),
              std::chrono::duration<double>(longest).count());
  EXPECT_TRUE(first.close());
  EXPECT_TRUE(second.close());
}

// What each fault does by itself, so that a failure above has a name.
class SdkFault : public SdkFaults, public testing::WithParamInterface<Fault> {};

TEST_P(SdkFault, IsOverWhenTheNetworkIsWellAgain) {
  Bodies received;
  const auto client = Connect();
  auto producer = client->producer();
  ASSERT_TRUE(producer) << producer.error().message();
  PushConsumer consumer = Consume(*client, received);
  SendSurely(*producer, "before");
  ASSERT_TRUE(received.Await("before", 30s));
  for (const auto& proxy : proxies_) proxy->Set(GetParam());
  EXPECT_TRUE(producer->send_async(Message("orders", "meanwhile"), [](Result<SendReceipt>) {}));
  std::ignore = producer->flush(1s);
  for (const auto& proxy : proxies_) proxy->Set(Fault::kNone);
  const MonoTime healed = SystemClock().Now();
  SendSurely(*producer, "after");
  EXPECT_TRUE(received.Await("after", kResumed));
  EXPECT_LT(SystemClock().Now() - healed, kResumed);
}

std::string NameOf(const testing::TestParamInfo<Fault>& info) {
  constexpr std::array kNames{"Delay", "ByteWise", "HalfOpen", "Refuse", "ResetInFrame", "None"};
  return kNames[info.index];
}
INSTANTIATE_TEST_SUITE_P(Each, SdkFault, testing::ValuesIn(kFaults), NameOf);

}  // namespace
}  // namespace comet
