#include "sdk/src/queue_picker.h"

#include <set>

#include <gtest/gtest.h>

namespace comet::client {
namespace {

const std::vector<Queue> kQueues{{"t", "a", 0}, {"t", "a", 1}, {"t", "b", 0}, {"t", "b", 1}};

TEST(QueuePicker, GoesRoundAllQueues) {
  QueuePicker picker;
  const BrokerHealth health(false);
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < kQueues.size(); ++i) {
    seen.insert(*picker.Next(kQueues, "", health, MonoTime()));
  }
  EXPECT_EQ(seen.size(), kQueues.size());
}

TEST(QueuePicker, TakesAnotherBrokerThanTheOneThatFailedWhereThereIsOne) {
  QueuePicker picker;
  const BrokerHealth health(false);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(kQueues[*picker.Next(kQueues, "a", health, MonoTime())].broker, "b");
  }
  const std::vector<Queue> only_a{{"t", "a", 0}};
  EXPECT_EQ(picker.Next(only_a, "a", health, MonoTime()), 0U);
  EXPECT_EQ(picker.Next({}, "a", health, MonoTime()), std::nullopt);
}

TEST(QueuePicker, LeavesABrokerThatCannotBeReachedAloneForAWhile) {
  QueuePicker picker;
  BrokerHealth health(false);
  const MonoTime now{};
  health.OnUnreachable("a", now);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(kQueues[*picker.Next(kQueues, "", health, now)].broker, "b");
  }
  std::set<std::string> later;
  for (int i = 0; i < 10; ++i) {
    later.insert(kQueues[*picker.Next(kQueues, "", health, now + std::chrono::seconds(2))].broker);
  }
  EXPECT_EQ(later.size(), 2U);
  health.OnUnreachable("a", now);
  health.OnUnreachable("b", now);
  EXPECT_TRUE(picker.Next(kQueues, "", health, now)) << "better a bad broker than none";
}

TEST(QueuePicker, OneKeyMeansOneQueue) {
  EXPECT_EQ(QueuePicker::ForKey(kQueues, "customer-7"), QueuePicker::ForKey(kQueues, "customer-7"));
  EXPECT_EQ(QueuePicker::ForKey({}, "k"), std::nullopt);
}

}  // namespace
}  // namespace comet::client
