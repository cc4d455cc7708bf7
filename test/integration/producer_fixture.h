#pragma once

#include <comet/client.h>

#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cluster.h"

namespace comet {

// A cluster without brokers, and what tests of producers need besides.
class ProducerTest : public testing::Test {
 protected:
  static constexpr std::chrono::seconds kPatience{60};  // for what must happen

  ClientOptions Options() const {
    ClientOptions options;
    options.namesrv = cluster_.namesrv();
    options.request_timeout = std::chrono::seconds(30);
    return options;
  }
  static std::shared_ptr<Client> Connect(ClientOptions options) {
    auto client = Client::connect(std::move(options));
    EXPECT_TRUE(client) << client.error().message();
    return *client;
  }
  static ProducerOptions Patient() {
    ProducerOptions options;
    options.send_timeout = std::chrono::seconds(30);
    return options;
  }
  static Producer MakeProducer(Client& client, ProducerOptions options = Patient()) {
    auto producer = client.producer(std::move(options));
    EXPECT_TRUE(producer) << producer.error().message();
    return std::move(producer).value();
  }
  // Waits until the name server knows `count` queues of the topic.
  void AwaitRoute(const std::string& topic, std::size_t count) const {
    ClientOptions options = Options();
    options.route_refresh_interval = std::chrono::milliseconds(1);
    const auto client = Connect(options);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
      const auto queues = client->queues(topic);
      if (queues && queues->size() == count) return;
    }
    FAIL() << "no route with " << count << " queues of " << topic;
  }
  void MakeTopic(const std::string& topic, int queues, std::size_t in_all) {
    cluster_.CreateTopic(topic, queues);
    AwaitRoute(topic, in_all);
  }
  // What is in a queue, once it has `count` messages; a retried send may have left more.
  std::vector<MessageView> Read(const Queue& queue, std::size_t count) const {
    const auto client = Connect(Options());
    auto consumer = client->pull_consumer(PullConsumerOptions().set_group("readers"));
    std::vector<MessageView> all;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (all.size() < count && std::chrono::steady_clock::now() < deadline) {
      const auto batch = consumer->pull(queue, static_cast<std::int64_t>(all.size()), 32,
                                        Filter::all(), std::chrono::seconds(5));
      EXPECT_TRUE(batch) << batch.error().message();
      if (!batch) break;
      all.insert(all.end(), batch->messages.begin(), batch->messages.end());
    }
    EXPECT_GE(all.size(), count) << queue.to_string();
    return all;
  }

  Cluster cluster_;
};

}  // namespace comet
