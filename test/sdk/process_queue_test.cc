#include "sdk/src/process_queue.h"

#include <atomic>
#include <memory>

#include <gtest/gtest.h>

#include "message_batches.h"

namespace comet::client {
namespace {

using Go = ProcessQueue::Pull::Go;

class ProcessQueueTest : public testing::Test {
 protected:
  std::shared_ptr<ProcessQueue> Make(CacheLimits limits, bool ordered = false) {
    auto subscription = std::make_shared<Subscription>();
    subscription->topic = "orders";
    subscription->ordered = ordered;
    return std::make_shared<ProcessQueue>(Queue{"orders", "broker-a", 0}, subscription, 0, limits,
                                          cached_, std::make_shared<ProcessQueue::Turn>(false));
  }
  static void Pull(ProcessQueue& queue, const std::vector<std::int64_t>& offsets,
                   std::uint32_t bytes = 100) {
    ASSERT_EQ(queue.BeginPull().go, Go::kNow);
    ASSERT_TRUE(queue.EndPull(BatchOf(offsets, bytes), {offsets.back() + 1, 100, 0}));
  }

  std::atomic<std::size_t> cached_ = 0;
};

TEST_F(ProcessQueueTest, PullsOnceAtATime) {
  const auto queue = Make({});
  EXPECT_EQ(queue->BeginPull().go, Go::kNow);
  EXPECT_EQ(queue->BeginPull().go, Go::kNotNow);
  EXPECT_TRUE(queue->FailPull("no connection"));
  EXPECT_EQ(queue->health().error, "no connection");
  EXPECT_EQ(queue->BeginPull().go, Go::kNow);
}

TEST_F(ProcessQueueTest, AFullQueueIsPulledWhenAMessageIsDone) {
  CacheLimits limits;
  limits.messages = 2;
  const auto queue = Make(limits);
  Pull(*queue, {0, 1});
  EXPECT_EQ(queue->BeginPull().go, Go::kNotNow);
  bool more = false;
  const auto chunk = queue->Take(1, &more);
  EXPECT_TRUE(more);
  const auto finished = queue->Finish(chunk);
  EXPECT_EQ(finished.messages, 1U);
  EXPECT_TRUE(finished.pull);
  EXPECT_EQ(queue->BeginPull().go, Go::kNow);
}

TEST_F(ProcessQueueTest, IsFullByBytesAndBySpanToo) {
  CacheLimits limits;
  limits.bytes = 1000;
  const auto heavy = Make(limits);
  Pull(*heavy, {0}, 1000);
  EXPECT_EQ(heavy->BeginPull().go, Go::kNotNow);
  limits = {};
  limits.span = 10;
  const auto wide = Make(limits);
  Pull(*wide, {0, 11});
  EXPECT_EQ(wide->BeginPull().go, Go::kNotNow);
  const auto ordered = Make(limits, /*ordered=*/true);
  Pull(*ordered, {0, 11});
  EXPECT_EQ(ordered->BeginPull().go, Go::kNow) << "an ordered queue has no span";
}

TEST_F(ProcessQueueTest, AllQueuesTogetherAreBoundButAnEmptyOneMayAlwaysPull) {
  CacheLimits limits;
  limits.total_bytes = 100;
  const auto one = Make(limits);
  const auto other = Make(limits);
  Pull(*one, {0}, 100);
  EXPECT_EQ(one->BeginPull().go, Go::kLater);
  EXPECT_EQ(other->BeginPull().go, Go::kNow);
  EXPECT_EQ(one->Drop(), 0);
  EXPECT_EQ(cached_.load(), 0U);
}

TEST_F(ProcessQueueTest, ADroppedQueueTakesNoOutcomes) {
  const auto queue = Make({});
  Pull(*queue, {0, 1});
  bool more = false;
  const auto chunk = queue->Take(2, &more);
  EXPECT_EQ(queue->Drop(), 0);
  EXPECT_EQ(queue->Drop(), std::nullopt);
  EXPECT_EQ(queue->Finish(chunk).messages, 0U);
  EXPECT_FALSE(queue->PutBack(chunk));
  EXPECT_TRUE(queue->Take(2, &more).empty());
  EXPECT_EQ(queue->BeginPull().go, Go::kNotNow);
}

TEST_F(ProcessQueueTest, AnOrderedQueueGivesOutOneChunkAndOnlyWhileLocked) {
  const auto queue = Make({}, /*ordered=*/true);
  Pull(*queue, {0, 1});
  bool more = false;
  EXPECT_TRUE(queue->Take(1, &more).empty());
  queue->SetLocked(MonoTime::max());
  EXPECT_EQ(queue->Take(1, &more).size(), 1U);
  EXPECT_TRUE(queue->Take(1, &more).empty()) << "one is at work";
  queue->SetSuspended(true);
  queue->EndOrdered();
  EXPECT_TRUE(queue->Take(1, &more).empty());
  queue->SetSuspended(false);
  EXPECT_EQ(queue->Take(1, &more).size(), 1U);
}

TEST_F(ProcessQueueTest, APausedQueueNeitherPullsNorGivesOut) {
  const auto queue = Make({});
  Pull(*queue, {0});
  queue->SetPaused(true);
  bool more = false;
  EXPECT_TRUE(queue->Take(1, &more).empty());
  EXPECT_EQ(queue->BeginPull().go, Go::kNotNow);
  queue->SetPaused(false);
  EXPECT_EQ(queue->Take(1, &more).size(), 1U);
}

}  // namespace
}  // namespace comet::client
