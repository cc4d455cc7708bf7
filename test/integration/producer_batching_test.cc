#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "producer_fixture.h"
#include "remoting/base/mutex.h"

namespace comet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAreArray;

// The answers to asynchronous sends, by body.
class Answers {
 public:
  SendCallback For(std::string body) {
    return [this, body = std::move(body)](Result<SendReceipt> outcome) {
      MutexLock lock(mutex_);
      if (outcome) {
        receipts_.emplace(body, std::move(*outcome));
      } else {
        errors_.emplace(body, outcome.error());
      }
    };
  }
  std::multimap<std::string, SendReceipt> receipts() {
    MutexLock lock(mutex_);
    return receipts_;
  }
  std::multimap<std::string, Error> errors() {
    MutexLock lock(mutex_);
    return errors_;
  }

 private:
  Mutex mutex_;
  std::multimap<std::string, SendReceipt> receipts_ GUARDED_BY(mutex_);
  std::multimap<std::string, Error> errors_ GUARDED_BY(mutex_);
};

class ProducerBatching : public ProducerTest {
 protected:
  ProducerBatching() {
    cluster_.AddBroker("broker-a");
    MakeTopic("orders", 1, 1);
  }
  static ProducerOptions Lingering(std::chrono::microseconds linger, std::size_t max_messages) {
    ProducerOptions options = Patient();
    options.auto_batch.enabled = true;
    options.auto_batch.linger = linger;
    options.auto_batch.max_messages = max_messages;
    return options;
  }

  const Queue queue_{"orders", "broker-a", 0};
  Answers answers_;
};

TEST_F(ProducerBatching, EachMessageOfABatchHasItsOwnReceipt) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client, Lingering(1h, 100));
  std::vector<std::string> bodies;
  for (int i = 0; i < 500; ++i) bodies.push_back("message " + std::to_string(i));
  for (const auto& body : bodies) {
    ASSERT_TRUE(
        producer.send_async(Message("orders", body).key("k" + body.substr(8)), answers_.For(body)));
  }
  ASSERT_TRUE(producer.flush(kPatience));
  const auto receipts = answers_.receipts();
  ASSERT_EQ(receipts.size(), bodies.size());
  EXPECT_GE(producer.stats().batches, 5U);
  std::set<std::string> ids, offset_ids;
  for (const auto& [body, receipt] : receipts) {
    ids.insert(receipt.message_id);
    offset_ids.insert(receipt.offset_id);
    EXPECT_EQ(receipt.offset_id.size(), 32U);
    EXPECT_EQ(receipt.queue, queue_);
  }
  EXPECT_EQ(ids.size(), bodies.size());
  EXPECT_EQ(offset_ids.size(), bodies.size());
  for (const MessageView& message : Read(queue_, bodies.size())) {
    const auto receipt = receipts.find(std::string(message.body()));
    if (receipt == receipts.end()) continue;
    EXPECT_EQ(receipt->second.offset, message.queue_offset());
    EXPECT_EQ(receipt->second.message_id, message.id());
    EXPECT_EQ(receipt->second.offset_id, message.offset_id());
    EXPECT_EQ(message.keys(), "k" + receipt->first.substr(8));
  }
}

TEST_F(ProducerBatching, WhatLingersIsSentWhenItsTimeIsOver) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client, Lingering(1ms, 1000));
  EXPECT_TRUE(producer.send(Message("orders", "alone")));
}

TEST_F(ProducerBatching, ClosingSendsWhatLingers) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client, Lingering(1h, 1000));
  for (const char* body : {"a", "b", "c"}) {
    ASSERT_TRUE(producer.send_async(Message("orders", body), answers_.For(body)));
  }
  EXPECT_EQ(producer.pending(), 3U);
  ASSERT_TRUE(producer.close(kPatience));
  EXPECT_EQ(answers_.receipts().size(), 3U);
  Read(queue_, 3);
}

TEST_F(ProducerBatching, WhatGoesToOneQueueKeepsItsOrderThoughNotAllOfItFitsABatch) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client, Lingering(1h, 7));
  std::vector<std::string> bodies;
  while (producer.stats().batches == 0) {  // without a route nothing is gathered for a key
    bodies.emplace_back("before");
    ASSERT_TRUE(producer.send_async(Message("orders", "before").ordering_key("customer-7"),
                                    answers_.For("before")));
    ASSERT_TRUE(producer.flush(kPatience));
  }
  for (int i = 0; i < 100; ++i) {
    // Every tenth is large enough to be compressed, and so goes alone.
    bodies.push_back(std::to_string(i) + std::string(i % 10 == 9 ? 5000 : 1, 'x'));
    ASSERT_TRUE(producer.send_async(Message("orders", bodies.back()).ordering_key("customer-7"),
                                    answers_.For(bodies.back())));
  }
  ASSERT_TRUE(producer.flush(kPatience));
  EXPECT_EQ(answers_.receipts().size(), bodies.size());
  EXPECT_GT(producer.stats().batches, 10U);
  std::vector<std::string> stored;
  for (const MessageView& message : Read(queue_, bodies.size()))
    stored.emplace_back(message.body());
  EXPECT_THAT(stored, ElementsAreArray(bodies));
}

TEST_F(ProducerBatching, WhatCannotBeInABatchGoesAlone) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client, Lingering(1h, 1000));
  EXPECT_TRUE(producer.send(Message("orders", "later").delay_level(1)));
  EXPECT_TRUE(producer.send(Message("orders", "picked"),
                            [](std::span<const Queue>, const Message&) { return std::size_t{0}; }));
  EXPECT_TRUE(producer.send(Message("orders", std::string(300'000, 'x'))));
  EXPECT_EQ(producer.stats().batches, 0U);
  EXPECT_EQ(producer.stats().sent, 3U);
}

TEST_F(ProducerBatching, AFailureIsToldToEveryMessage) {
  const auto client = Connect(Options());
  ProducerOptions options = Lingering(1h, 1000);
  Producer producer = MakeProducer(*client, options);
  for (const char* body : {"a", "b"}) {
    ASSERT_TRUE(producer.send_async(Message("orders", body), Queue{"orders", "broker-a", 99},
                                    answers_.For(body)));
  }
  ASSERT_TRUE(producer.flush(kPatience));
  EXPECT_EQ(answers_.errors().size(), 2U);
  EXPECT_EQ(producer.stats().failed, 2U);
  EXPECT_EQ(answers_.errors().begin()->second.broker_code(), 29);
}

TEST_F(ProducerBatching, WhoWaitsForTheAnswerDoesNotWaitForCompany) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client, Lingering(1h, 100));
  const auto receipt = producer.send(Message("orders", "alone"));
  ASSERT_TRUE(receipt) << receipt.error().message();
  EXPECT_EQ(receipt->status, SendStatus::ok);
}

TEST_F(ProducerBatching, AShortTimeoutIsThatMessagesOnly) {
  const auto client = Connect(Options());
  Producer producer = MakeProducer(*client, Lingering(1h, 2));
  ASSERT_TRUE(producer.send_async(Message("orders", "first"), answers_.For("first")));
  // Gathered with the first, it would be the second, and the batch be sent.
  ASSERT_TRUE(producer.send_async(Message("orders", "hurried"), answers_.For("hurried"), 20s));
  Read(queue_, 1);
  EXPECT_EQ(answers_.receipts().count("first"), 0U);
  ASSERT_TRUE(producer.send_async(Message("orders", "second"), answers_.For("second")));
  ASSERT_TRUE(producer.flush(kPatience));
  EXPECT_EQ(answers_.receipts().size(), 3U);
}

}  // namespace
}  // namespace comet
