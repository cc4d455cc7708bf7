#include "broker/queue_locks.h"

#include <chrono>

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

using std::chrono::milliseconds;

class QueueLocksTest : public testing::Test {
 protected:
  ManualClock clock_;
  QueueLocks locks_{clock_};
  const QueueLocks::Queue queue_{"broker-a", "orders", 0};
};

TEST_F(QueueLocksTest, AFreeQueueIsGrantedToWhoeverAsksFirst) {
  EXPECT_TRUE(locks_.TryLock("g", queue_, "c1"));
  EXPECT_FALSE(locks_.TryLock("g", queue_, "c2"));
  EXPECT_TRUE(locks_.TryLock("g", queue_, "c1"));
}

TEST_F(QueueLocksTest, GroupsAndQueuesDoNotMeet) {
  EXPECT_TRUE(locks_.TryLock("g", queue_, "c1"));
  EXPECT_TRUE(locks_.TryLock("other", queue_, "c2"));
  EXPECT_TRUE(locks_.TryLock("g", {"broker-a", "orders", 1}, "c2"));
}

TEST_F(QueueLocksTest, ALeaseEndsSixtySecondsAfterItWasLastAskedFor) {
  ASSERT_TRUE(locks_.TryLock("g", queue_, "c1"));
  clock_.Advance(milliseconds(40'000));
  ASSERT_TRUE(locks_.TryLock("g", queue_, "c1"));
  clock_.Advance(milliseconds(QueueLocks::kLeaseMs));
  EXPECT_FALSE(locks_.TryLock("g", queue_, "c2"));
  clock_.Advance(milliseconds(1));
  EXPECT_FALSE(locks_.AnyHeld("g"));
  EXPECT_TRUE(locks_.TryLock("g", queue_, "c2"));
}

TEST_F(QueueLocksTest, OnlyTheOwnerUnlocks) {
  ASSERT_TRUE(locks_.TryLock("g", queue_, "c1"));
  locks_.Unlock("g", queue_, "c2");
  EXPECT_FALSE(locks_.TryLock("g", queue_, "c2"));
  locks_.Unlock("g", queue_, "c1");
  EXPECT_TRUE(locks_.TryLock("g", queue_, "c2"));
}

TEST_F(QueueLocksTest, ExpireForgetsOnlyWhatHasExpired) {
  ASSERT_TRUE(locks_.TryLock("old", queue_, "c1"));
  clock_.Advance(milliseconds(QueueLocks::kLeaseMs + 1));
  ASSERT_TRUE(locks_.TryLock("new", queue_, "c1"));
  locks_.Expire();
  EXPECT_TRUE(locks_.AnyHeld("new"));
  EXPECT_FALSE(locks_.AnyHeld("old"));
}

}  // namespace
}  // namespace comet::broker
