#include "store/replication/replica_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/store/store_world.h"

namespace comet::store {
namespace {

// A master whose sends wait for copies that a test makes up.
class ReplicaSetTest : public testing::Test {
 protected:
  void SetUp() override {
    world.config.replica_gap_bytes = 10'000;
    ASSERT_EQ(world.Open().ToString(), "OK");
  }

  ReplicaSet& replicas() { return world.store->replicas(); }
  std::int64_t end() { return world.store->log().end(); }

  std::size_t Send(std::uint8_t copies) {
    world.policy = AckPolicy{.flushed = true, .replicas = copies};
    const auto number = world.Send("A", 0);
    world.Pump();
    return number;
  }
  AppendOutcome Outcome(std::size_t number) {
    EXPECT_NE(world.AckOf(number), nullptr);
    return world.AckOf(number) == nullptr ? AppendOutcome::kRefused : world.AckOf(number)->outcome;
  }
  ReplicaSet::Id AttachAt(const std::string& address, std::int64_t acked) {
    const auto id = replicas().Attach(address);
    replicas().OnAck(id, acked);
    return id;
  }

  StoreWorld world;
};

TEST_F(ReplicaSetTest, ASendIsAnsweredWhenItsCopiesHaveIt) {
  const auto a = AttachAt("10.0.0.1:100", 0), b = AttachAt("10.0.0.2:100", 0);
  const auto one = Send(1), two = Send(2);
  EXPECT_EQ(world.AckOf(one), nullptr);
  replicas().OnAck(a, end());
  EXPECT_EQ(Outcome(one), AppendOutcome::kOk);
  EXPECT_EQ(world.AckOf(two), nullptr);
  replicas().OnAck(b, end() - 1);
  EXPECT_EQ(world.AckOf(two), nullptr);
  replicas().OnAck(b, end());
  EXPECT_EQ(Outcome(two), AppendOutcome::kOk);
}

TEST_F(ReplicaSetTest, WithoutEnoughCopiesInSyncASendDoesNotWait) {
  EXPECT_EQ(Outcome(Send(1)), AppendOutcome::kNoReplica);
  const auto id = replicas().Attach("10.0.0.1:100");
  EXPECT_EQ(Outcome(Send(1)), AppendOutcome::kNoReplica);  // it has not reported
  replicas().OnAck(id, 0);
  EXPECT_EQ(Outcome(Send(2)), AppendOutcome::kNoReplica);
  EXPECT_EQ(world.AckOf(Send(1)), nullptr);
  replicas().Detach(id);
  EXPECT_EQ(Outcome(Send(1)), AppendOutcome::kNoReplica);
}

TEST_F(ReplicaSetTest, ASendThatWaitsForACopyIsTimedOutAfterItsOwnTime) {
  AttachAt("10.0.0.1:100", 0);
  const auto number = Send(1);
  world.clock.Advance(std::chrono::milliseconds(2999));
  world.store->tracker().Expire(world.clock.Now());
  EXPECT_EQ(world.AckOf(number), nullptr);
  world.clock.Advance(std::chrono::milliseconds(1));
  world.store->tracker().Expire(world.clock.Now());
  EXPECT_EQ(Outcome(number), AppendOutcome::kReplicaTimeout);
}

TEST_F(ReplicaSetTest, TwoConnectionsFromOneHostAreOneCopy) {
  const auto a = AttachAt("10.0.0.1:100", 0);
  const auto b = AttachAt("10.0.0.1:101", 0);
  EXPECT_EQ(replicas().in_sync(), 1);
  AttachAt("10.0.0.2:100", 0);
  EXPECT_EQ(replicas().in_sync(), 2);
  const auto number = Send(2);
  replicas().OnAck(a, end());
  replicas().OnAck(b, end());
  EXPECT_EQ(world.AckOf(number), nullptr);
  replicas().Detach(a);
  EXPECT_EQ(replicas().in_sync(), 2);
}

TEST_F(ReplicaSetTest, NamedReplicasOnOneHostAreTwoCopies) {
  ASSERT_TRUE(replicas().Identify("10.0.0.1:100", 1).ok());  // before it comes
  const auto a = AttachAt("10.0.0.1:100", 0), b = AttachAt("10.0.0.1:101", 0);
  ASSERT_TRUE(replicas().Identify("10.0.0.1:101", 2).ok());
  EXPECT_EQ(replicas().in_sync(), 2);
  const auto number = Send(2);
  replicas().OnAck(a, end());
  replicas().OnAck(b, end());
  EXPECT_EQ(Outcome(number), AppendOutcome::kOk);
}

TEST_F(ReplicaSetTest, ACopyThatIsNamedLateIsNotCountedTwice) {
  AttachAt("10.0.0.9:100", 0);
  AttachAt("10.0.0.1:100", 0);
  const auto b = AttachAt("10.0.0.1:101", 0);
  const auto number = Send(2);
  replicas().OnAck(b, end());
  ASSERT_TRUE(replicas().Identify("10.0.0.1:101", 7).ok());
  EXPECT_EQ(replicas().in_sync(), 3);
  EXPECT_EQ(world.AckOf(number), nullptr);
}

TEST_F(ReplicaSetTest, ACopyThatLeavesTakesItsCountWithIt) {
  const auto a = AttachAt("10.0.0.1:100", 0);
  AttachAt("10.0.0.2:100", 0);
  const auto number = Send(2);
  replicas().OnAck(a, end());
  replicas().Detach(a);
  const auto c = AttachAt("10.0.0.3:100", 0);
  const auto other = AttachAt("10.0.0.4:100", 0);
  replicas().OnAck(c, end());
  EXPECT_EQ(world.AckOf(number), nullptr);
  replicas().OnAck(other, end());
  EXPECT_EQ(Outcome(number), AppendOutcome::kOk);
}

TEST_F(ReplicaSetTest, TwoLiveReplicasCannotBeOneBroker) {
  AttachAt("10.0.0.1:100", 0);
  AttachAt("10.0.0.2:100", 0);
  ASSERT_TRUE(replicas().Identify("10.0.0.1:100", 1).ok());
  ASSERT_TRUE(replicas().Identify("10.0.0.1:100", 1).ok());
  const Status refused = replicas().Identify("10.0.0.2:100", 1);
  EXPECT_EQ(refused.code(), Status::Code::kInvalid);
  EXPECT_THAT(refused.message(), testing::HasSubstr("10.0.0.1:100"));
}

TEST_F(ReplicaSetTest, ACopyThatLacksTooMuchIsNotInSync) {
  const auto id = AttachAt("10.0.0.1:100", 0);
  EXPECT_EQ(replicas().in_sync(), 1);
  while (end() < 10'000) Send(0);
  EXPECT_EQ(replicas().in_sync(), 0);
  EXPECT_FALSE(replicas().All().front().in_sync);
  replicas().Refresh();
  EXPECT_EQ(Outcome(Send(1)), AppendOutcome::kNoReplica);
  replicas().OnAck(id, end());
  EXPECT_EQ(replicas().in_sync(), 1);
}

TEST_F(ReplicaSetTest, TellsWhetherACopyHasAnOffset) {
  EXPECT_FALSE(replicas().Covers(1, 0));
  Send(0);
  const auto id = AttachAt("10.0.0.1:100", 50);
  EXPECT_TRUE(replicas().Covers(1, 49));
  EXPECT_FALSE(replicas().Covers(1, 50));
  ASSERT_TRUE(replicas().Identify("10.0.0.1:100", 2).ok());
  EXPECT_FALSE(replicas().Covers(1, 49));
  EXPECT_TRUE(replicas().Covers(2, 49));
  replicas().Detach(id);
  EXPECT_FALSE(replicas().Covers(2, 0));
}

TEST_F(ReplicaSetTest, ShowsWhatEachConnectionHas) {
  const auto id = AttachAt("10.0.0.1:100", 0);
  replicas().OnSent(id, 1000);
  replicas().Refresh();
  world.clock.Advance(std::chrono::seconds(2));
  replicas().OnSent(id, 5000);
  replicas().Refresh();
  const auto all = replicas().All();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].address, "10.0.0.1:100");
  EXPECT_EQ(all[0].sent, 5000);
  EXPECT_EQ(all[0].bytes_per_second, 2000);
}

}  // namespace
}  // namespace comet::store
