#include "broker/long_poll.h"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/sim/sim_executor.h"

namespace comet::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A queue of which only the end matters.
class FakeQueue : public store::ConsumeQueue {
 public:
  void Add(std::int64_t, const store::QueueEntry&) override { ++end_; }
  Status Publish() override { return {}; }
  StatusOr<std::size_t> Get(std::int64_t, std::span<store::QueueEntry>) const override {
    return std::size_t{0};
  }
  std::int64_t begin() const override { return 0; }
  std::int64_t end() const override { return end_; }
  std::int64_t log_end() const override { return 0; }
  Status TruncateAfter(std::int64_t) override { return {}; }
  Status DropBefore(std::int64_t) override { return {}; }
  std::size_t BeginSync() override { return 0; }
  Status SyncBegun() override { return {}; }
  void EndSync(bool) override {}
  void IgnoreBefore(std::int64_t) override {}
  Status Delete(std::int64_t) override { return {}; }

 private:
  std::int64_t end_ = 0;
};

class LongPollTest : public testing::Test {
 protected:
  void Park(store::QueueSlot& queue, std::int64_t index, int seconds, const std::string& name,
            net::ConnectionId connection = {0, 1, 1}) {
    poll_.Park(&queue, index, clock_.Now() + std::chrono::seconds(seconds), connection,
               [this, name](LongPoll::Woken why) {
                 woken_.push_back(name + (why == LongPoll::Woken::kArrival ? "" : " late"));
               });
  }
  // As the dispatcher does it: the entry, then the interest, then the news.
  void Arrive(store::QueueSlot& queue) {
    queue.queue().Add(0, {});
    if ((queue.TakeInterest() & 1) != 0) poll_.OnArrivals({{&queue, queue.queue().end()}});
  }

  ManualClock clock_;
  sim::SimExecutor loop_{clock_};
  LongPoll poll_{loop_, clock_, 0, 1000};
  store::QueueSlot queue_{"t", 0, std::make_unique<FakeQueue>()};
  store::QueueSlot other_{"t", 1, std::make_unique<FakeQueue>()};
  std::vector<std::string> woken_;
};

TEST_F(LongPollTest, AnArrivalWakesThoseWhoWaitForIt) {
  Park(queue_, 0, 15, "a");
  Park(other_, 0, 15, "b");
  Arrive(queue_);
  EXPECT_THAT(woken_, ElementsAre("a"));
  EXPECT_EQ(poll_.parked(), 1U);
}

TEST_F(LongPollTest, WhoWaitsForALaterEntryGoesOnWaitingAndIsStillTold) {
  Park(queue_, 1, 15, "later");
  Arrive(queue_);
  EXPECT_THAT(woken_, IsEmpty());
  Arrive(queue_);
  EXPECT_THAT(woken_, ElementsAre("later"));
}

TEST_F(LongPollTest, AnEntryThatIsThereAlreadyWakesWithoutAnArrival) {
  queue_.queue().Add(0, {});
  Park(queue_, 0, 15, "a");
  loop_.RunReady();
  EXPECT_THAT(woken_, ElementsAre("a"));
}

TEST_F(LongPollTest, TheDeadlineWakesToo) {
  Park(queue_, 0, 15, "long");
  Park(queue_, 0, 5, "short");
  clock_.Advance(std::chrono::seconds(5));
  loop_.RunReady();
  EXPECT_THAT(woken_, ElementsAre("short late"));
  clock_.Advance(std::chrono::seconds(10));
  loop_.RunReady();
  EXPECT_THAT(woken_, ElementsAre("short late", "long late"));
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(LongPollTest, ManyWaitersNeedOneTimer) {
  for (int i = 0; i < 50; ++i) Park(queue_, 0, 15 + i, std::to_string(i));
  EXPECT_EQ(loop_.timers(), 1U);
}

TEST_F(LongPollTest, AWokenPullMayParkAgain) {
  poll_.Park(&queue_, 0, clock_.Now() + std::chrono::seconds(15), {},
             [this](LongPoll::Woken) { Park(queue_, 1, 15, "again"); });
  Arrive(queue_);
  EXPECT_EQ(poll_.parked(), 1U);
  Arrive(queue_);
  EXPECT_THAT(woken_, ElementsAre("again"));
}

TEST_F(LongPollTest, SaysWhenItIsFull) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(poll_.full());
    Park(queue_, 0, 15, "x");
  }
  EXPECT_TRUE(poll_.full());
}

TEST_F(LongPollTest, OfManyThatAreDueSomeWakeInEachTurn) {
  constexpr auto kTurn = LongPoll::kWakesPerTurn;
  for (std::size_t i = 0; i < kTurn + 10; ++i) Park(queue_, 0, 15, "x");
  Arrive(queue_);
  EXPECT_EQ(woken_.size(), kTurn);
  Park(queue_, 1, 15, "y");
  Arrive(queue_);  // while the first ones are still waking
  loop_.RunReady();
  EXPECT_EQ(woken_.size(), kTurn + 11);
  EXPECT_EQ(woken_.back(), "y");

  for (std::size_t i = 0; i < kTurn + 10; ++i) Park(other_, 0, 15, "x");
  clock_.Advance(std::chrono::seconds(15));
  loop_.RunReady();
  EXPECT_EQ(poll_.parked(), 0U);
}

TEST_F(LongPollTest, ForgetsWhoeverWaitsOnAConnectionThatHasGone) {
  const net::ConnectionId gone{0, 2, 1};
  Park(queue_, 0, 15, "gone", gone);
  Park(other_, 0, 15, "gone", gone);
  Park(queue_, 0, 15, "stays");
  poll_.Forget(gone);
  poll_.Forget(gone);
  EXPECT_EQ(poll_.parked(), 1U);
  Arrive(queue_);
  Arrive(other_);
  clock_.Advance(std::chrono::seconds(20));
  loop_.RunReady();
  EXPECT_THAT(woken_, ElementsAre("stays"));
}

TEST_F(LongPollTest, WakeAllEndsEveryWait) {
  Park(queue_, 0, 15, "a");
  Park(other_, 0, 20, "b");
  poll_.WakeAll();
  EXPECT_THAT(woken_, ElementsAre("a late", "b late"));
  EXPECT_EQ(poll_.parked(), 0U);
}

}  // namespace
}  // namespace comet::broker
