#include <comet/client.h>
#include <comet/future.h>

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"
#include "eventually.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/requests/get_producer_connections.h"

namespace comet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

constexpr auto kForEver = std::chrono::milliseconds::max();

class Sdk : public testing::Test {
 protected:
  ClientOptions Options() const {
    ClientOptions options;
    options.namesrv = cluster_.namesrv();
    options.request_timeout = 30s;
    return options;
  }
  static std::shared_ptr<Client> Connect(ClientOptions options) {
    auto client = Client::connect(std::move(options));
    EXPECT_TRUE(client) << client.error().message();
    return *client;
  }
  static Producer MakeProducer(Client& client, ProducerOptions options = {}) {
    options.send_timeout = 30s;
    auto producer = client.producer(options);
    EXPECT_TRUE(producer) << producer.error().message();
    return std::move(producer).value();
  }
  static PullConsumer MakeConsumer(Client& client) {
    auto consumer = client.pull_consumer(PullConsumerOptions().set_group("readers"));
    EXPECT_TRUE(consumer) << consumer.error().message();
    return std::move(consumer).value();
  }
  // The queues of a topic once the name server knows `count` of them.
  std::vector<Queue> QueuesOf(const std::string& topic, std::size_t count) const {
    ClientOptions options = Options();
    options.route_refresh_interval = 1ms;
    const auto client = Connect(options);
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < deadline) {
      const auto queues = client->queues(topic);
      if (queues && queues->size() == count) return *queues;
    }
    ADD_FAILURE() << "no route with " << count << " queues of " << topic;
    return {};
  }
  // Polls until `count` messages have come.
  static std::vector<MessageView> Take(PullConsumer& consumer, std::size_t count) {
    std::vector<MessageView> all;
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (all.size() < count && std::chrono::steady_clock::now() < deadline) {
      const auto messages = consumer.poll(1s);
      EXPECT_TRUE(messages) << messages.error().message();
      if (!messages) break;
      all.insert(all.end(), messages->begin(), messages->end());
    }
    EXPECT_EQ(all.size(), count);
    return all;
  }
  // A queue shows what was sent a moment later.
  static void Await(PullConsumer& consumer, const Queue& queue, std::int64_t offset) {
    const auto batch = consumer.pull(queue, offset, 1, Filter::all(), 30s);
    ASSERT_TRUE(batch) << batch.error().message();
    ASSERT_EQ(batch->status, PullStatus::found);
  }
  static std::vector<std::string> BodiesOf(const std::vector<MessageView>& messages) {
    std::vector<std::string> bodies;
    for (const MessageView& message : messages) bodies.emplace_back(message.body());
    return bodies;
  }

  Cluster cluster_;
};

class SdkWithOneBroker : public Sdk {
 protected:
  SdkWithOneBroker() {
    cluster_.AddBroker("broker-a");
    cluster_.CreateTopic("orders", 4);
    queues_ = QueuesOf("orders", 4);
  }
  // Whether the broker shows a producer of that group within 30 s.
  bool IsListed(const std::string& group) const {
    net::LoopGroup loops;
    loops.Start();
    const auto broker = net::Client::Create(loops, cluster_.AddressOf("broker-a"));
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    bool listed = false;
    while (!listed && std::chrono::steady_clock::now() < deadline) {
      const auto answer = broker->CallAndWait<wire::GetProducerConnections>({group});
      listed = answer.ok() && (*answer)->ok();
    }
    broker->Close();
    return listed;
  }
  std::vector<Queue> queues_;
};

TEST_F(SdkWithOneBroker, SendsInEveryWayAndReadsItAllBack) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  std::set<std::string> ids;
  const auto expect_stored = [&ids](const Result<SendReceipt>& receipt) {
    ASSERT_TRUE(receipt) << receipt.error().message();
    EXPECT_EQ(receipt->status, SendStatus::ok);
    EXPECT_TRUE(ids.insert(receipt->message_id).second);
  };
  expect_stored(producer.send(Message("orders", "sync").tag("t").key("k1").key("k2")));
  expect_stored(producer.send(Message("orders", "to a queue"), queues_[3]));
  std::promise<Result<SendReceipt>> answer;
  ASSERT_TRUE(producer.send_async(Message("orders", "async"), [&](Result<SendReceipt> receipt) {
    answer.set_value(std::move(receipt));
  }));
  expect_stored(answer.get_future().get());
  expect_stored(producer.send_future(Message("orders", "future")).get());
  ASSERT_TRUE(producer.send_oneway(Message("orders", "one-way")));
  std::vector<Message> batch;
  for (const char* body : {"batch 1", "batch 2", "batch 3"}) {
    batch.push_back(Message("orders", body).property("color", "blue"));
  }
  expect_stored(producer.send_batch(std::move(batch)));

  PullConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.assign(queues_));
  for (const Queue& queue : queues_) ASSERT_TRUE(consumer.seek(queue, Position::begin()));
  const auto messages = Take(consumer, 8);
  EXPECT_THAT(BodiesOf(messages),
              UnorderedElementsAreArray({"sync", "to a queue", "async", "future", "one-way",
                                         "batch 1", "batch 2", "batch 3"}));
  for (const MessageView& message : messages) {
    if (message.body() == "sync") {
      EXPECT_EQ(message.tag(), "t");
      EXPECT_EQ(message.keys(), "k1 k2");
      EXPECT_TRUE(ids.contains(message.id()));
    }
    if (message.body() == "to a queue") {
      EXPECT_EQ(message.queue(), queues_[3]);
    }
    if (message.body().starts_with("batch")) {
      EXPECT_EQ(message.property("color"), "blue");
    }
  }
}

TEST_F(SdkWithOneBroker, KeepsTheOrderOfWhatASelectorSendsToOneQueue) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  for (int i = 0; i < 40; ++i) {
    const auto account = static_cast<std::size_t>(i % 4);
    const auto selector = [account](std::span<const Queue> queues, const Message&) {
      return account % queues.size();
    };
    ASSERT_TRUE(producer.send(Message("orders", std::to_string(i)), selector));
  }
  PullConsumer consumer = MakeConsumer(*client);
  for (const Queue& queue : queues_) {
    Await(consumer, queue, 9);
    const auto batch = consumer.pull(queue, 0, 32);
    ASSERT_TRUE(batch) << batch.error().message();
    std::vector<std::string> wanted;
    for (int i = queue.id; i < 40; i += 4) wanted.push_back(std::to_string(i));
    EXPECT_EQ(BodiesOf(batch->messages), wanted);
  }
}

TEST_F(SdkWithOneBroker, ABrokerLearnsOfAProducerAtOnce) {
  ClientOptions options = Options();
  options.heartbeat_interval = 24h;  // none of these comes
  const auto client = Connect(options);
  Producer first = MakeProducer(*client, ProducerOptions().set_group("before-the-route"));
  ASSERT_TRUE(first.send(Message("orders", "makes the broker known")));
  EXPECT_TRUE(IsListed("before-the-route"));
  Producer second = MakeProducer(*client, ProducerOptions().set_group("after-the-route"));
  EXPECT_TRUE(IsListed("after-the-route"));
}

TEST_F(SdkWithOneBroker, SendsAnOrderingKeyToOneQueue) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  std::set<Queue> used;
  for (int i = 0; i < 10; ++i) {
    const auto receipt = producer.send(Message("orders", "x").ordering_key("account-7"));
    ASSERT_TRUE(receipt);
    used.insert(receipt->queue);
  }
  EXPECT_EQ(used.size(), 1U);
}

TEST_F(SdkWithOneBroker, SaysWhatAPullFound) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  const Queue queue = queues_[0];
  ASSERT_TRUE(producer.send(Message("orders", "a").tag("TagA"), queue));
  ASSERT_TRUE(producer.send(Message("orders", "b").tag("TagB"), queue));
  PullConsumer consumer = MakeConsumer(*client);
  Await(consumer, queue, 1);
  const auto found = consumer.pull(queue, 0, 10, Filter::tag("TagB || TagC"));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->status, PullStatus::found);
  EXPECT_THAT(BodiesOf(found->messages), ElementsAre("b"));
  EXPECT_EQ(found->next_offset, 2);
  EXPECT_EQ(consumer.pull(queue, 0, 10, Filter::tag("TagC"))->status, PullStatus::no_match);
  EXPECT_EQ(consumer.pull(queue, 2, 10)->status, PullStatus::no_new);
  const auto beyond = consumer.pull(queue, 99, 10);
  ASSERT_TRUE(beyond);
  EXPECT_EQ(beyond->status, PullStatus::offset_illegal);
  EXPECT_EQ(beyond->next_offset, 2);
  EXPECT_EQ(*consumer.begin_offset(queue), 0);
  EXPECT_EQ(*consumer.end_offset(queue), 2);
}

TEST_F(SdkWithOneBroker, GoesOnWhereTheGroupHasCommitted) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  const Queue queue = queues_[1];
  for (const char* body : {"0", "1", "2", "3"}) {
    ASSERT_TRUE(producer.send(Message("orders", body), queue));
  }
  {
    PullConsumer first = MakeConsumer(*client);
    Await(first, queue, 3);
    EXPECT_EQ(*first.committed(queue), -1);
    const auto committed = first.commit(queue, 2);
    ASSERT_TRUE(committed) << committed.error().message();
  }
  PullConsumer second = MakeConsumer(*client);
  ASSERT_TRUE(second.assign({queue}));
  EXPECT_THAT(BodiesOf(Take(second, 2)), ElementsAre("2", "3"));
  ASSERT_TRUE(second.close());  // commits what poll has returned
  EXPECT_EQ(*MakeConsumer(*client).committed(queue), 4);
}

TEST_F(SdkWithOneBroker, APollUnderWayGetsTheNextMessage) {
  const auto client = Connect(Options());
  PullConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.assign(queues_));
  ASSERT_TRUE(consumer.poll(1ms));  // from here on a long poll of every queue is under way
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("orders", "news")));
  EXPECT_THAT(BodiesOf(Take(consumer, 1)), ElementsAre("news"));
}

TEST_F(SdkWithOneBroker, WaitingForEverEndsWithTheNextMessage) {
  const auto client = Connect(Options());
  PullConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.assign({queues_[0]}));
  auto polled = std::async(std::launch::async, [&] { return consumer.poll(kForEver); });
  auto pulled = std::async(
      std::launch::async, [&] { return consumer.pull(queues_[0], 0, 1, Filter::all(), kForEver); });
  EXPECT_EQ(polled.wait_for(200ms), std::future_status::timeout);
  EXPECT_EQ(pulled.wait_for(0ms), std::future_status::timeout);
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("orders", "news"), queues_[0]));
  const auto messages = polled.get();
  ASSERT_TRUE(messages) << messages.error().message();
  EXPECT_THAT(BodiesOf(*messages), ElementsAre("news"));
  const auto batch = pulled.get();
  ASSERT_TRUE(batch) << batch.error().message();
  EXPECT_THAT(BodiesOf(batch->messages), ElementsAre("news"));
}

TEST_F(SdkWithOneBroker, ACallbackMayWaitForAnotherClient) {
  const auto client = Connect(Options()), other_client = Connect(Options());
  Producer producer = MakeProducer(*client), other = MakeProducer(*other_client);
  std::promise<Result<SendReceipt>> answer;
  ASSERT_TRUE(producer.send_async(Message("orders", "x"), [&](const Result<SendReceipt>&) {
    answer.set_value(other.send(Message("orders", "y")));
  }));
  const auto receipt = answer.get_future().get();
  EXPECT_TRUE(receipt) << receipt.error().message();
}

TEST_F(SdkWithOneBroker, RefusesToWaitInsideACallback) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  std::promise<Error> error;
  ASSERT_TRUE(producer.send_async(Message("orders", "x"), [&](Result<SendReceipt>) {
    error.set_value(producer.send(Message("orders", "y")).error());
  }));
  const Error refused = error.get_future().get();
  EXPECT_EQ(refused.code(), Errc::invalid_argument);
  EXPECT_THAT(refused.message(), HasSubstr("inside a callback"));
}

TEST_F(SdkWithOneBroker, EverythingMayBeDroppedWithALongPollUnderWay) {
  const auto held = std::make_shared<int>();
  ClientOptions options = Options();
  options.log = [held](Severity, std::string_view, std::string_view) {
  };
  {
    auto client = Connect(std::move(options));
    PullConsumer consumer = MakeConsumer(*client);
    client.reset();
    ASSERT_TRUE(consumer.assign(queues_));
    ASSERT_TRUE(consumer.poll(1ms));
  }
  EXPECT_EQ(held.use_count(), 1) << "the client still lives";
}

// Tells when it is destroyed.
struct LastBreath {
  std::promise<void> gone;
  ~LastBreath() { gone.set_value(); }
};

TEST_F(SdkWithOneBroker, EverythingMayBeDroppedInsideACallback) {
  struct Application {
    std::shared_ptr<Client> client;
    Producer producer;
  };
  auto breath = std::make_shared<LastBreath>();
  auto gone = breath->gone.get_future();
  ClientOptions options = Options();
  options.log = [breath = std::move(breath)](Severity, std::string_view, std::string_view) {
  };
  auto client = Connect(std::move(options));
  auto application = std::make_shared<Application>(Application{client, MakeProducer(*client)});
  client.reset();
  auto& producer = application->producer;
  ASSERT_TRUE(producer.send_async(Message("orders", "x"),
                                  [application = std::move(application)](Result<SendReceipt>) {}));
  EXPECT_EQ(gone.wait_for(60s), std::future_status::ready);
}

TEST_F(SdkWithOneBroker, ARefusalOfTheBrokerIsToldWithItsCodeAndAddress) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  const auto refused = producer.send(Message("orders", "x"), Queue{"orders", "broker-a", 99});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().server(), cluster_.AddressOf("broker-a"));
  EXPECT_EQ(refused.error().broker_code(), 29);
  EXPECT_EQ(refused.error().attempts(), 1);
  EXPECT_THAT(refused.error().message(),
              HasSubstr("sending to orders@broker-a:99 at " + cluster_.AddressOf("broker-a") +
                        ": code 29, request queueId[99] is illegal"));
}

TEST_F(SdkWithOneBroker, WhatCannotBeSentIsRefusedAtOnce) {
  const auto client = Connect(Options());
  ProducerOptions options;
  options.max_message_bytes = 10;
  Producer producer = MakeProducer(*client, options);
  EXPECT_EQ(producer.send(Message("orders", "eleven byte")).error().code(),
            Errc::message_too_large);
  EXPECT_EQ(producer.send(Message("bad topic!", "x")).error().code(), Errc::invalid_argument);
  EXPECT_EQ(producer.send_batch({}).error().code(), Errc::invalid_argument);
  EXPECT_EQ(client->pull_consumer({}).error().code(), Errc::invalid_argument);
  ASSERT_TRUE(producer.close());
  EXPECT_EQ(producer.send(Message("orders", "x")).error().code(), Errc::closed);
}

TEST_F(Sdk, ATopicThatNobodyCreatesIsNamedWithTheWayOut) {
  cluster_.AddBroker("broker-a", /*creates_topics=*/false);
  const auto client = Connect(Options());
  const auto missing = MakeProducer(*client).send(Message("nowhere", "x"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Errc::topic_not_found);
  EXPECT_THAT(missing.error().message(), HasSubstr("topic nowhere does not exist"));
  EXPECT_THAT(missing.error().message(), HasSubstr("mqadmin updateTopic"));
}

TEST_F(Sdk, CreatesAnUnknownTopicBySending) {
  cluster_.AddBroker("broker-a");
  QueuesOf("TBW102", 8);
  const auto client = Connect(Options());
  const auto receipt = MakeProducer(*client).send(Message("fresh", "x"));
  ASSERT_TRUE(receipt) << receipt.error().message();
  EXPECT_EQ(receipt->queue.topic, "fresh");
}

TEST_F(Sdk, SendsToAnotherBrokerWhenOneDies) {
  for (const char* name : {"broker-a", "broker-b"}) cluster_.AddBroker(name);
  cluster_.CreateTopic("orders", 2);
  const auto queues = QueuesOf("orders", 4);
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  std::set<std::string> brokers;
  for (int i = 0; i < 8; ++i) brokers.insert(producer.send(Message("orders", "x"))->queue.broker);
  EXPECT_THAT(brokers, ElementsAre("broker-a", "broker-b"));

  // The client's route still names the broker that is gone.
  const std::string gone = cluster_.AddressOf("broker-a");
  cluster_.StopBroker("broker-a");
  for (int i = 0; i < 8; ++i) {
    const auto receipt = producer.send(Message("orders", "y"));
    ASSERT_TRUE(receipt) << receipt.error().message();
    EXPECT_EQ(receipt->queue.broker, "broker-b");
  }
  PullConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.pull({"orders", "broker-b", 0}, 0, 32));
  const auto lost = consumer.pull({"orders", "broker-a", 0}, 0, 32);
  ASSERT_FALSE(lost);
  EXPECT_THAT(lost.error().message(), HasSubstr("broker-a"));
}

TEST_F(Sdk, CommitsTheOffsetsOfTheOtherBrokersWhenOneIsDead) {
  for (const char* name : {"broker-a", "broker-b"}) cluster_.AddBroker(name);
  cluster_.CreateTopic("orders", 1);
  QueuesOf("orders", 2);
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client);
  PullConsumerOptions options;
  options.group = "readers";
  options.suspend = 100ms;
  options.commit_interval = 24h;  // not by itself
  auto consumer = client->pull_consumer(options);
  ASSERT_TRUE(consumer);
  const Queue dead{"orders", "broker-a", 0}, alive{"orders", "broker-b", 0};
  ASSERT_TRUE(consumer->assign({dead, alive}));
  for (const Queue& queue : {dead, alive}) {
    ASSERT_TRUE(producer.send(Message("orders", "0"), queue));
  }
  Take(*consumer, 2);
  cluster_.StopBroker("broker-a");
  const auto take_one = [&] {
    ASSERT_TRUE(producer.send(Message("orders", "x"), alive));
    EXPECT_TRUE(Eventually(60s, [&] {
      const auto messages = consumer->poll(1s);  // also errors, of the dead one
      return messages && !messages->empty();
    }));
  };
  take_one();
  EXPECT_FALSE(consumer->commit());
  EXPECT_EQ(*consumer->committed(alive), 2);
  take_one();
  EXPECT_FALSE(consumer->close());
  EXPECT_EQ(*MakeConsumer(*client).committed(alive), 3);
}

TEST_F(Sdk, ANameServerThatIsNotThereIsNamedAndLogged) {
  ClientOptions options;
  options.namesrv = "127.0.0.1:1";
  std::promise<std::string> logged;
  std::atomic<bool> first = true;
  options.log = [&](Severity severity, std::string_view component, std::string_view text) {
    if (component != "connection" || !first.exchange(false)) return;
    EXPECT_EQ(severity, Severity::warning);
    logged.set_value(std::string(text));
  };
  const auto client = Connect(std::move(options));
  ProducerOptions impatient;
  impatient.retries = 0;
  auto producer = client->producer(impatient);
  ASSERT_TRUE(producer);
  auto line = logged.get_future();
  do {  // a line of another client may have held this one back for a second
    const auto refused = producer->send(Message("orders", "x"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::not_connected);
    EXPECT_THAT(refused.error().message(), HasSubstr("127.0.0.1:1"));
  } while (line.wait_for(50ms) != std::future_status::ready);
  EXPECT_THAT(line.get(), HasSubstr("cannot connect to 127.0.0.1:1"));
}

}  // namespace
}  // namespace comet
