#include <comet/selector.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "eventually.h"
#include "fault_proxy.h"
#include "producer_fixture.h"
#include "remoting/base/clock.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/mutex.h"
#include "remoting/base/text.h"
#include "remoting/net/acceptor.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/bodies/register_broker.h"
#include "remoting/wire/requests/register_broker.h"
#include "test/base/temp_directory.h"

namespace comet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Fault = FaultProxy::Fault;

constexpr const char* kProxyHost = "127.0.0.2";  // the broker announces it, and listens elsewhere

class ProducerFaults : public ProducerTest {
 protected:
  static std::uint16_t PortIn(const std::string& address) {
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  // A broker that is reached through a proxy, with topic orders.
  void AddProxiedBroker(int queues = 2) {
    cluster_.AddBroker("broker-a", true, kProxyHost);
    const std::uint16_t port = PortIn(cluster_.AddressOf("broker-a"));
    proxy_ = std::make_unique<FaultProxy>(kProxyHost, port, port);
    MakeTopic("orders", queues, static_cast<std::size_t>(queues));
  }
  // The name server is reached through a proxy.
  ClientOptions OptionsWithProxiedNamesrv() {
    const std::uint16_t port = PortIn(cluster_.namesrv());
    proxy_ = std::make_unique<FaultProxy>(kProxyHost, port, port);
    ClientOptions options = Options();
    options.namesrv = proxy_->address();
    options.log = [](Severity, std::string_view, std::string_view) {
    };
    return options;
  }
  std::unique_ptr<FaultProxy> proxy_;
};

// A broker-z with a queue of topic orders: it takes connections and never reads what comes.
class DeafBroker {
 public:
  explicit DeafBroker(const std::string& namesrv) {
    const int bytes = 64 << 10;  // what the kernel takes for it
    EXPECT_EQ(::setsockopt(listener_[0].get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)), 0);
    const std::string address = Concat("127.0.0.1:", *net::PortOf(listener_[0]));
    wire::RegisterBroker::Header header;
    header.broker_name = "broker-z";
    header.broker_addr = header.ha_addr = address;
    header.cluster_name = "DefaultCluster";
    wire::RegisterBrokerBody body;
    for (const char* topic : {"orders", "broker-z"}) {  // a stranger with only one is refused
      wire::TopicConfig& config = body.topics.topics[topic];
      config.name = topic;
      config.read_queues = config.write_queues = 1;
    }
    loops_.Start();
    at_namesrv_ = net::Client::Create(loops_, namesrv);
    const auto answer =
        at_namesrv_->CallAndWait<wire::RegisterBroker>(header, ToJson(body), {.timeout = 30s});
    EXPECT_TRUE(answer.ok() && (*answer)->ok());
  }

 private:
  const std::vector<net::Socket> listener_ = net::ListenShared("127.0.0.1", 0, 8, 1).Take();
  net::LoopGroup loops_;
  std::shared_ptr<net::Client> at_namesrv_;  // which forgets the broker when the connection ends
};

TEST_F(ProducerFaults, ACallbackThatThrowsIsLoggedAndTheNextIsCalled) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  ClientOptions options = Options();
  std::promise<std::string> logged;
  options.log = [&](Severity, std::string_view component, std::string_view text) {
    if (component == "producer") logged.set_value(std::string(text));
  };
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send_async(
      Message("orders", "x"), [](Result<SendReceipt>) { throw std::runtime_error("no paper"); }));
  EXPECT_EQ(logged.get_future().get(), "a send callback has thrown: no paper");
  EXPECT_TRUE(producer.send(Message("orders", "y")));
  EXPECT_EQ(producer.stats().sent, 2U);
}

TEST_F(ProducerFaults, AFullQueueATimeoutAndAReadOnlyPlaceAreToldApart) {
  AddProxiedBroker();
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("orders", "x")));
  proxy_->Set(Fault::kHalfOpen);
  ProducerOptions small = Patient();
  small.max_pending_bytes = 7;
  Producer narrow = MakeProducer(*client, small);
  ASSERT_TRUE(narrow.send_async(Message("orders", "four"), [](const Result<SendReceipt>&) {}));
  const auto full = narrow.send(Message("orders", "four"));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code(), Errc::queue_full);
  EXPECT_THAT(full.error().message(), HasSubstr("wait for answers"));
  EXPECT_FALSE(narrow.close(0ms));

  const auto late = producer.send(Message("orders", "y"), 200ms);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code(), Errc::timeout);
  EXPECT_THAT(late.error().message(), HasSubstr("look before you repeat it"));

  const auto nowhere = producer.send(Message("orders", "z"), Queue{"orders", "broker-z", 0});
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code(), Errc::no_route);
  EXPECT_THAT(nowhere.error().message(), HasSubstr("broker-z has no master"));
}

TEST_F(ProducerFaults, ThousandsOfPendingSendsAreAnsweredBeforeCloseReturns) {
  AddProxiedBroker();
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("orders", "x")));
  proxy_->Set(Fault::kHalfOpen);
  constexpr int kCount = 5000;
  std::atomic<int> closed = 0, other = 0;
  for (int i = 0; i < kCount; ++i) {
    ASSERT_TRUE(
        producer.send_async(Message("orders", "x"), [&](const Result<SendReceipt>& outcome) {
          ++(!outcome && outcome.error().code() == Errc::closed ? closed : other);
        }));
  }
  const auto all = producer.close(50ms);
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code(), Errc::timeout);
  EXPECT_EQ(closed.load(), kCount);
  EXPECT_EQ(producer.pending(), 0U);
  ASSERT_TRUE(client->close());
  EXPECT_EQ(closed.load() + other.load(), kCount) << "called twice";
}

TEST_F(ProducerFaults, ACallbackThatClosingDeliversMayCloseAsWell) {
  AddProxiedBroker();
  const auto client = Connect(Options());
  std::atomic<int> closed = 0;
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("orders", "x")));
  proxy_->Set(Fault::kHalfOpen);
  constexpr int kCount = 100;
  for (int i = 0; i < kCount; ++i) {
    ASSERT_TRUE(producer.send_async(Message("orders", "x"), [&](const Result<SendReceipt>&) {
      closed += producer.close() ? 1 : 0;
    }));
  }
  EXPECT_FALSE(producer.close(50ms));
  EXPECT_EQ(closed.load(), kCount);
}

TEST_F(ProducerFaults, ClosingInsideACallbackRefusesNewSendsAndDoesNotWait) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  std::promise<Errc> after;
  ASSERT_TRUE(producer.send_async(Message("orders", "x"), [&](Result<SendReceipt>) {
    EXPECT_TRUE(producer.close());
    after.set_value(
        producer.send_async(Message("orders", "y"), [](Result<SendReceipt>) {}).error().code());
  }));
  EXPECT_EQ(after.get_future().get(), Errc::closed);
}

TEST_F(ProducerFaults, BlocksUntilThereIsRoomIfThatIsWanted) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  const auto client = Connect(Options());
  ProducerOptions options = Patient();
  options.max_pending = 2;
  options.block_when_full = true;
  Producer producer = MakeProducer(*client, options);
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(producer.send_async(Message("orders", "x"), [](Result<SendReceipt>) {}));
    EXPECT_LE(producer.pending(), 2U);
  }
  ASSERT_TRUE(producer.flush(kPatience));
  EXPECT_EQ(producer.stats().sent, 500U);
}

TEST_F(ProducerFaults, TrafficGoesOnWhileAllNameServersAreDown) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 2, 2);
  ClientOptions options = Options();
  options.route_refresh_interval = 1ms;
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("orders", "x")));
  cluster_.StopNamesrv();
  for (int i = 0; i < 100; ++i) {
    const auto receipt = producer.send(Message("orders", "y"));
    ASSERT_TRUE(receipt) << receipt.error().message();
  }
}

TEST_F(ProducerFaults, AKnownRouteStaysInUseWhenTheNameServerHasForgottenIt) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  ClientOptions options = OptionsWithProxiedNamesrv();
  options.route_refresh_interval = 1ms;
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  PullConsumerOptions reading;
  reading.group = "readers";
  reading.suspend = 10ms;  // every pull looks at the route
  auto consumer = client->pull_consumer(reading);
  ASSERT_TRUE(consumer);
  ASSERT_TRUE(consumer->assign({Queue{"orders", "broker-a", 0}}));
  ASSERT_TRUE(consumer->poll(1ms));

  const std::uint16_t port = PortIn(cluster_.namesrv());
  proxy_.reset();
  proxy_ = std::make_unique<FaultProxy>(kProxyHost, port, PortIn(cluster_.AddEmptyNamesrv()));
  EXPECT_TRUE(Eventually(kPatience, [&] {  // until it has been asked
    const auto messages = consumer->poll(10ms);
    EXPECT_TRUE(messages) << messages.error().message();
    return !messages || proxy_->passed_bytes() > 0;
  }));
  for (const char* body : {"one", "two"}) {
    ASSERT_TRUE(producer.send(Message("orders", body)));
    std::vector<MessageView> seen;
    ASSERT_TRUE(Eventually(kPatience, [&] {
      const auto messages = consumer->poll(10ms);
      EXPECT_TRUE(messages) << messages.error().message();
      if (messages) seen = *messages;
      return !messages || !seen.empty();
    }));
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].body(), body);
  }
}

TEST_F(ProducerFaults, ARouteIsFoundAtTheNameServerThatKnowsIt) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 2, 2);
  ClientOptions options = Options();
  options.namesrv = Concat(cluster_.AddEmptyNamesrv(), ";", cluster_.namesrv());
  const auto client = Connect(options);
  const auto queues = client->queues("orders");
  ASSERT_TRUE(queues) << queues.error().message();
  EXPECT_EQ(queues->size(), 2U);
  const auto missing = client->queues("nowhere");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Errc::topic_not_found);
}

TEST_F(ProducerFaults, ATopicIsCreatedInTimeThoughANameServerIsSilent) {
  cluster_.AddBroker("broker-a");
  AwaitRoute("TBW102", 8);
  const auto silent = net::ListenShared("127.0.0.1", 0, 8, 1).Take();
  ClientOptions options = Options();
  options.namesrv = Concat(cluster_.namesrv(), ";127.0.0.1:", *net::PortOf(silent[0]));
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  const auto sent_within = [&](std::chrono::seconds time) {
    return bool{producer.send(Message(Concat("fresh", time.count()), "x"), time)};
  };
  // The silent one takes half of any time; the rest may be short for a busy machine.
  EXPECT_TRUE(sent_within(2s) || sent_within(4s) || sent_within(8s) || sent_within(16s));
}

TEST_F(ProducerFaults, HoweverManySendsFailNameServersAreNotAskedWithoutAPause) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  ClientOptions options = OptionsWithProxiedNamesrv();
  options.route_refresh_interval = 1ms;
  const auto client = Connect(options);
  ProducerOptions impatient;
  impatient.retries = 0;
  Producer producer = MakeProducer(*client, impatient);
  ASSERT_TRUE(producer.send(Message("orders", "x")));
  cluster_.StopBroker("broker-a");
  const auto is_forgotten = [&] {
    return !Connect(options)->queues("orders");
  };
  ASSERT_TRUE(Eventually(kPatience, is_forgotten));
  const std::int64_t before = proxy_->passed_bytes();
  EXPECT_TRUE(is_forgotten());
  const std::int64_t one_question = proxy_->passed_bytes() - before;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(producer.send(Message("orders", "y")));
  EXPECT_LT(proxy_->passed_bytes() - before, 50 * one_question);
}

TEST_F(ProducerFaults, AChangedFileOfNameServersIsTakenOver) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  const TempDirectory directory;
  const std::string path = directory / "namesrv";
  std::ofstream(path) << "127.0.0.1:1\n";
  ClientOptions options;
  options.namesrv_file = path;
  options.log = [](Severity, std::string_view, std::string_view) {
  };
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  const auto wrong = producer.send(Message("orders", "x"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code(), Errc::not_connected);
  EXPECT_THAT(wrong.error().message(), HasSubstr("127.0.0.1:1"));
  std::ofstream(path) << cluster_.namesrv() << '\n';
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  bool sent = false;
  while (!sent && std::chrono::steady_clock::now() < deadline) {
    sent = producer.send(Message("orders", "x")).has_value();
  }
  EXPECT_TRUE(sent);
}

TEST_F(ProducerFaults, ABrokerThatComesIsUsedAndOneThatGoesLosesNothing) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  ClientOptions options = Options();
  options.route_refresh_interval = 10ms;
  options.log = [](Severity, std::string_view, std::string_view) {
  };
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  Mutex mutex;
  std::set<std::string> acknowledged;
  std::atomic<int> on_b = 0;
  std::atomic<bool> stop = false;
  std::thread sender([&] {
    for (int i = 0; !stop.load(); ++i) {
      const std::string body = std::to_string(i);
      const auto receipt = producer.send(Message("orders", body));
      EXPECT_TRUE(receipt) << receipt.error().message();
      if (!receipt) continue;
      if (receipt->queue.broker == "broker-b") ++on_b;
      MutexLock lock(mutex);
      acknowledged.insert(receipt->queue.broker + "/" + body);
    }
  });
  cluster_.AddBroker("broker-b");
  cluster_.CreateTopic("orders", 1);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (on_b.load() == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_GT(on_b.load(), 0);
  cluster_.StopBroker("broker-a");
  const int before = on_b.load();
  while (on_b.load() < before + 50 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  stop = true;
  sender.join();
  EXPECT_GE(on_b.load(), before + 50);
  // What broker-b has acknowledged is there; broker-a's store is checked when it comes back.
  cluster_.AddBroker("broker-a");
  AwaitRoute("orders", 2);
  std::set<std::string> stored;
  for (const char* broker : {"broker-a", "broker-b"}) {
    const auto of_broker = static_cast<std::size_t>(std::ranges::count_if(
        acknowledged, [&](const std::string& one) { return one.starts_with(broker); }));
    for (const MessageView& message : Read({"orders", broker, 0}, of_broker)) {
      stored.insert(std::string(broker) + "/" + std::string(message.body()));
    }
  }
  for (const std::string& one : acknowledged) EXPECT_TRUE(stored.contains(one)) << one;
}

TEST_F(ProducerFaults, WhatFailsOverToABrokerThatDoesNotReadComesBackToOneThatDoes) {
  AddProxiedBroker();
  const DeafBroker deaf(cluster_.namesrv());
  AwaitRoute("orders", 3);
  ClientOptions client_options = Options();
  client_options.request_timeout = 10min;  // an unanswered heartbeat would end the connection
  client_options.log = [](Severity, std::string_view, std::string_view) {
  };
  const auto client = Connect(client_options);
  std::atomic<int> stored = 0, closed = 0, other = 0;
  ProducerOptions options = Patient();
  options.send_timeout = kPatience;
  options.retries = 1000;
  options.compression.type = Compression::Type::none;
  Producer producer = MakeProducer(*client, options);
  const Queue heard{"orders", "broker-a", 0}, unheard{"orders", "broker-z", 0};
  ASSERT_TRUE(producer.send(Message("orders", "x"), heard));

  // More than the connection may have waiting: some of these wait for room from here on.
  constexpr int kUnheard = 180, kFree = 8;
  constexpr std::size_t kBytes = std::size_t{256} << 10;
  for (int i = 0; i < kUnheard; ++i) {
    ASSERT_TRUE(producer.send_async(
        Message("orders", std::string(kBytes, 'x')), unheard,
        [&](const Result<SendReceipt>& outcome) {
          ++(!outcome && outcome.error().code() == Errc::closed ? closed : other);
        }));
  }
  ASSERT_TRUE(Eventually(kPatience, [&] { return producer.stats().retried > 500; }));

  proxy_->Set(Fault::kHalfOpen);
  for (int i = 0; i < kFree; ++i) {  // larger than any room there may be
    ASSERT_TRUE(producer.send_async(
        Message("orders", std::string(2 * kBytes, 'x')), [&](const Result<SendReceipt>& outcome) {
          ++(outcome && outcome->queue.broker == "broker-a" ? stored : other);
        }));
  }
  proxy_->Set(Fault::kRefuse);
  options.retries = 0;
  const auto refused = MakeProducer(*client, options).send(Message("orders", "y"), heard);
  ASSERT_FALSE(refused);  // and so have been those before it
  EXPECT_EQ(refused.error().code(), Errc::not_connected);
  proxy_->Set(Fault::kNone);
  EXPECT_TRUE(Eventually(kPatience, [&] { return stored + other == kFree; }));
  EXPECT_FALSE(producer.close(0ms));
  ASSERT_TRUE(client->close());
  EXPECT_EQ(stored.load(), kFree);
  EXPECT_EQ(closed.load(), kUnheard);
  EXPECT_EQ(other.load(), 0);
}

TEST_F(ProducerFaults, ARestartedBrokerIsFoundAtItsNewAddress) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  ClientOptions options = Options();
  options.log = [](Severity, std::string_view, std::string_view) {
  };
  const auto client = Connect(options);
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("orders", "x")));
  cluster_.StopBroker("broker-a");
  EXPECT_FALSE(producer.send(Message("orders", "y")));
  cluster_.AddBroker("broker-a");  // on another port
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  bool sent = false;
  while (!sent && std::chrono::steady_clock::now() < deadline) {
    sent = producer.send(Message("orders", "z")).has_value();
  }
  EXPECT_TRUE(sent);
}

TEST_F(ProducerFaults, BodiesAreCompressedAsWantedAndComeBackWhole) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 1, 1);
  const auto client = Connect(Options());
  const std::string body(10'000, 'x');
  using Type = Compression::Type;
  for (const Type type : {Type::none, Type::zlib, Type::lz4, Type::zstd}) {
    ProducerOptions options = Patient();
    options.compression.type = type;
    ASSERT_TRUE(MakeProducer(*client, options).send(Message("orders", body)));
  }
  ASSERT_TRUE(MakeProducer(*client).send(Message("orders", "small")));
  const auto stored = Read({"orders", "broker-a", 0}, 5);
  const std::vector<int> flags{0, 0x301, 0x101, 0x201, 0};
  for (std::size_t i = 0; i < stored.size(); ++i) {
    EXPECT_EQ(stored[i].body(), i < 4 ? body : "small");
    EXPECT_EQ(stored[i].sys_flag() & 0x701, flags[i]);
  }
}

TEST_F(ProducerFaults, PullsThatTheBrokerDoesNotHoldHaveAPauseBetweenThem) {
  AddProxiedBroker();
  const auto client = Connect(Options());
  PullConsumerOptions options;
  options.group = "readers";
  options.suspend = 0ms;
  auto consumer = client->pull_consumer(options);
  ASSERT_TRUE(consumer);
  const Queue queue{"orders", "broker-a", 0};
  ASSERT_TRUE(consumer->assign({queue}));
  const std::int64_t before = proxy_->passed_bytes();
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(consumer->pull(queue, 0, 32));
  const std::int64_t after_twelve = proxy_->passed_bytes();
  const auto messages = consumer->poll(500ms);
  ASSERT_TRUE(messages) << messages.error().message();
  EXPECT_TRUE(messages->empty());
  EXPECT_LT(proxy_->passed_bytes() - after_twelve, after_twelve - before);
}

TEST_F(ProducerFaults, ASilentBrokerIsWaitedForOnceInACommit) {
  constexpr int kQueues = 16;
  AddProxiedBroker(kQueues);
  ClientOptions options = Options();
  options.request_timeout = 2s;
  const auto client = Connect(options);
  auto consumer = client->pull_consumer(PullConsumerOptions().set_group("readers"));
  ASSERT_TRUE(consumer);
  ASSERT_TRUE(consumer->assign(*consumer->queues("orders")));  // where it begins is committed too
  proxy_->Set(Fault::kHalfOpen);
  const MonoTime start = SystemClock().Now();
  EXPECT_FALSE(consumer->commit());
  EXPECT_LT(SystemClock().Now() - start, kQueues * 500ms);
}

TEST_F(ProducerFaults, ReadySelectorsPickQueues) {
  cluster_.AddBroker("broker-a");
  MakeTopic("orders", 4, 4);
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  std::set<int> by_key, in_turn;
  const QueueSelector turn = round_robin();
  for (int i = 0; i < 8; ++i) {
    by_key.insert(producer.send(Message("orders", "x"), by_hash("customer-7"))->queue.id);
    in_turn.insert(producer.send(Message("orders", "x"), turn)->queue.id);
    EXPECT_TRUE(producer.send(Message("orders", "x"), by_random()));
  }
  EXPECT_EQ(by_key.size(), 1U);
  EXPECT_EQ(in_turn.size(), 4U);
  std::promise<Result<SendReceipt>> answer;
  ASSERT_TRUE(producer.send_async(
      Message("orders", "x"), [](auto queues, const Message&) { return queues.size() - 1; },
      [&](Result<SendReceipt> receipt) { answer.set_value(std::move(receipt)); }));
  EXPECT_EQ(answer.get_future().get()->queue.id, 3);
  const auto thrown = producer.send(Message("orders", "x"),
                                    [](std::span<const Queue>, const Message&) -> std::size_t {
                                      throw std::runtime_error("no");
                                    });
  ASSERT_FALSE(thrown);
  EXPECT_THAT(thrown.error().message(), HasSubstr("the queue selector has thrown: no"));
}

}  // namespace
}  // namespace comet
