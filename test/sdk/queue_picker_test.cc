#include "sdk/src/queue_picker.h"

#include <set>

#include <gtest/gtest.h>

namespace comet::client {
namespace {

const std::vector<Queue> kQueues{{"t", "a", 0}, {"t", "a", 1}, {"t", "b", 0}, {"t", "b", 1}};

TEST(QueuePicker, GoesRoundAllQueues) {
  QueuePicker picker;
  std::set<Queue> seen;
  for (std::size_t i = 0; i < kQueues.size(); ++i) seen.insert(*picker.Next(kQueues, ""));
  EXPECT_EQ(seen.size(), kQueues.size());
}

TEST(QueuePicker, AvoidsABrokerWhereAnotherHasAQueue) {
  QueuePicker picker;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(picker.Next(kQueues, "a")->broker, "b");
  const std::vector<Queue> only_a{{"t", "a", 0}};
  EXPECT_EQ(picker.Next(only_a, "a")->broker, "a");
}

TEST(QueuePicker, OneKeyMeansOneQueue) {
  EXPECT_EQ(QueuePicker::ForKey(kQueues, "customer-7"), QueuePicker::ForKey(kQueues, "customer-7"));
  EXPECT_EQ(QueuePicker::ForKey({}, "k"), std::nullopt);
}

}  // namespace
}  // namespace comet::client
