#include "broker/pending_sends.h"

#include <chrono>

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

TEST(PendingSends, TellHowManyWaitAndSinceWhen) {
  const MonoTime start{std::chrono::seconds(100)};
  PendingSends sends;
  EXPECT_EQ(sends.waiting().sends, 0);
  sends.At({0, 4, 1}).since = start + std::chrono::seconds(1);
  sends.At({0, 2, 1}).since = start;
  EXPECT_EQ(sends.waiting().sends, 2);
  EXPECT_EQ(sends.waiting().since, start);
  sends.At({0, 2, 1}).since = {};
  EXPECT_EQ(sends.waiting().sends, 1);
  EXPECT_EQ(sends.waiting().since, start + std::chrono::seconds(1));
}

}  // namespace
}  // namespace comet::broker
