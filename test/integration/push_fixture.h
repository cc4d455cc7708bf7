#pragma once

#include <comet/client.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cluster.h"
#include "eventually.h"

namespace comet {

// What handlers have seen; any thread.
class Inbox {
 public:
  void Add(const MessageView& message) { Add(std::string(message.body())); }
  void Add(std::string text) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(std::move(text));
    changed_.notify_all();
  }
  // Waits until so many have come; false when they do not.
  bool Await(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60),
                             [&] { return texts_.size() >= count; });
  }
  // Waits until every one of `wanted` has come at least once.
  bool AwaitAll(const std::set<std::string>& wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [&] {
      const std::set<std::string> seen(texts_.begin(), texts_.end());
      return std::includes(seen.begin(), seen.end(), wanted.begin(), wanted.end());
    });
  }
  std::vector<std::string> texts() const {
    const std::lock_guard lock(mutex_);
    return texts_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
};

// A cluster with one broker that has a topic "orders" of four queues, and what tests of push
// consumers need besides.
class PushTest : public testing::Test {
 protected:
  PushTest() {
    cluster_.AddBroker("broker-a");
    cluster_.CreateTopic("orders", 4);
    AwaitRoute("orders", 4);
  }

  ClientOptions Options() const {
    ClientOptions options;
    options.namesrv = cluster_.namesrv();
    options.request_timeout = std::chrono::seconds(30);
    options.log = [](Severity, std::string_view, std::string_view) {
    };
    return options;
  }
  std::shared_ptr<Client> Connect() const { return Connect(Options()); }
  static std::shared_ptr<Client> Connect(ClientOptions options) {
    auto client = Client::connect(std::move(options));
    EXPECT_TRUE(client) << client.error().message();
    return *client;
  }
  static PushConsumerOptions FromFirst(std::string group = "workers") {
    PushConsumerOptions options;
    options.group = std::move(group);
    options.start = StartFrom::first();
    return options;
  }
  static PushConsumer MakeConsumer(Client& client, PushConsumerOptions options = FromFirst()) {
    auto consumer = client.push_consumer(std::move(options));
    EXPECT_TRUE(consumer) << consumer.error().message();
    return std::move(consumer).value();
  }
  // One that waits as long as the machine needs.
  static Producer MakeProducer(Client& client) {
    ProducerOptions options;
    options.send_timeout = std::chrono::seconds(30);
    auto producer = client.producer(options);
    EXPECT_TRUE(producer) << producer.error().message();
    return std::move(producer).value();
  }
  // Sends "0" to "<count - 1>" round the queues.
  void Send(int count, const std::string& topic = "orders", int first = 0) const {
    const auto client = Connect();
    Producer producer = MakeProducer(*client);
    for (int i = first; i < first + count; ++i) {
      const auto receipt = producer.send(Message(topic, std::to_string(i)));
      ASSERT_TRUE(receipt) << receipt.error().message();
    }
  }
  static std::set<std::string> Numbers(int count, int first = 0) {
    std::set<std::string> numbers;
    for (int i = first; i < first + count; ++i) numbers.insert(std::to_string(i));
    return numbers;
  }
  template <class Condition>
  static bool Eventually(Condition condition) {
    return comet::Eventually(std::chrono::seconds(60), std::move(condition));
  }
  void AwaitRoute(const std::string& topic, std::size_t count) const {
    ClientOptions options = Options();
    options.route_refresh_interval = std::chrono::milliseconds(1);
    const auto client = Connect(std::move(options));
    EXPECT_TRUE(Eventually([&] {
      const auto queues = client->queues(topic);
      return queues && queues->size() == count;
    })) << "no route with "
        << count << " queues of " << topic;
  }
  // The group's committed offsets of the four queues, added up; queues without one count nothing.
  std::int64_t CommittedOf(const std::string& group) const {
    const auto client = Connect();
    auto reader = client->pull_consumer(PullConsumerOptions().set_group(group));
    std::int64_t sum = 0;
    for (int id = 0; id < 4; ++id) {
      const auto offset = reader->committed({"orders", "broker-a", id});
      EXPECT_TRUE(offset) << offset.error().message();
      if (offset && *offset > 0) sum += *offset;
    }
    return sum;
  }

  Cluster cluster_;
};

}  // namespace comet
