#include "cluster_reader.h"

#include <utility>

#include <gtest/gtest.h>

namespace comet {

using namespace std::chrono_literals;

ClusterReader::ClusterReader(Client& client, const std::string& topic) {
  PushConsumerOptions options;
  options.group = kGroup;
  options.start = StartFrom::first();
  options.commit_interval = 500ms;
  options.rebalance_interval = 2s;
  options.suspend = 5s;
  auto consumer = client.push_consumer(options);
  EXPECT_TRUE(consumer) << consumer.error().message();
  consumer_.emplace(std::move(consumer).value());
  const auto subscribed =
      consumer_->subscribe(topic, Filter::all(), [this](const MessageView& message) {
        Take(message);
        return Action::ack;
      });
  EXPECT_TRUE(subscribed) << subscribed.error().message();
  const auto started = consumer_->start();
  EXPECT_TRUE(started) << started.error().message();
}

void ClusterReader::Take(const MessageView& message) {
  const MessageName name = NameIn(message.body());
  MutexLock lock(mutex_);
  const auto [there, first] = given_[message.queue()].emplace(message.queue_offset(), name);
  EXPECT_EQ(there->second, name) << "both at offset " << message.queue_offset() << " of "
                                 << message.queue().to_string();
  if (!first) ++again_;
  changed_.NotifyAll();
}

bool ClusterReader::HasBeenGiven(const Ledger::Told& told) const {
  const auto queue = given_.find(told.queue);
  if (queue == given_.end()) return false;
  const auto place = queue->second.find(told.offset);
  return place != queue->second.end() && place->second == told.name;
}

void ClusterReader::Forget(const Queue& queue, std::int64_t from) {
  MutexLock lock(mutex_);
  auto& given = given_[queue];
  given.erase(given.lower_bound(from), given.end());
}

std::vector<Ledger::Told> ClusterReader::Await(const std::vector<Ledger::Told>& wanted,
                                               Duration within) {
  const MonoTime end = SystemClock().Now() + within;
  std::vector<Ledger::Told> missing;
  MutexLock lock(mutex_);
  for (const Ledger::Told& one : wanted) {
    while (!HasBeenGiven(one)) {
      const MonoTime now = SystemClock().Now();
      if (now >= end) break;
      changed_.WaitFor(mutex_, end - now);
    }
    if (!HasBeenGiven(one)) missing.push_back(one);
  }
  return missing;
}

std::int64_t ClusterReader::NextOf(const Queue& queue) {
  MutexLock lock(mutex_);
  const auto& given = given_[queue];
  return given.empty() ? 0 : given.rbegin()->first + 1;
}

std::size_t ClusterReader::again() {
  MutexLock lock(mutex_);
  return again_;
}

}  // namespace comet
