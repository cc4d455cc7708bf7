// Topics that are deleted and made anew: nothing of the former one comes back.

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "store/upkeep.h"
#include "test/store/store_world.h"

namespace comet::store {
namespace {

using sim::Fault;

// True when the store has answered that the topic is gone.
bool Delete(StoreWorld& world, const std::string& topic, bool in_use = false) {
  bool answered = false;
  world.store->DeleteTopics(
      {topic}, [in_use](const std::string&) { return in_use; },
      [&](Status deleted) { answered = deleted.ok(); });
  world.Pump();
  return answered;
}

std::int64_t OffsetOf(StoreWorld& world, std::size_t number) {
  world.Pump();
  const Ack* ack = world.AckOf(number);
  return ack == nullptr ? -1 : ack->queue_offset;
}

class DeleteTopicTest : public testing::TestWithParam<FlushDiskType> {
 protected:
  DeleteTopicTest() {
    EXPECT_TRUE(world_.Open().ok());
    for (int i = 0; i < 5; ++i) world_.Send("A", 0);
    world_.Send("B", 0);
    world_.Pump();
  }
  void Checkpoint() {
    world_.clock.Advance(std::chrono::milliseconds(1100));
    world_.store->upkeep().Tick();
    world_.Pump();
  }
  void ExpectOnly(std::size_t number) {
    EXPECT_EQ(world_.Bodies("A", 0), std::vector<std::string>{world_.sent[number].body});
    EXPECT_EQ(world_.Bodies("B", 0).size(), 1U);
  }

  StoreWorld world_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Flush, DeleteTopicTest,
                         testing::Values(FlushDiskType::kSync, FlushDiskType::kAsync));

TEST_P(DeleteTopicTest, ATopicMadeAnewBeginsAtZero) {
  ASSERT_TRUE(Delete(world_, "A"));
  EXPECT_TRUE(world_.Bodies("A", 0).empty());
  const auto number = world_.Send("A", 0);
  EXPECT_EQ(OffsetOf(world_, number), 0);
  ExpectOnly(number);
  Checkpoint();
  world_.CrashAndOpen();
  ExpectOnly(number);
  EXPECT_EQ(OffsetOf(world_, world_.Send("A", 0)), 1);
}

TEST_P(DeleteTopicTest, NothingComesBackAfterACrash) {
  Checkpoint();  // flushed, but the marks will be lost
  ASSERT_TRUE(world_.disk.Remove("store/checkpoint").ok());
  ASSERT_TRUE(Delete(world_, "A"));
  world_.CrashAndOpen();
  EXPECT_TRUE(world_.Bodies("A", 0).empty());
  const auto number = world_.Send("A", 0);
  EXPECT_EQ(OffsetOf(world_, number), 0);
  ExpectOnly(number);
}

TEST_P(DeleteTopicTest, NothingComesBackWhenTheQueuesAreMadeAgain) {
  ASSERT_TRUE(Delete(world_, "A"));
  const auto number = world_.Send("A", 0);
  EXPECT_EQ(OffsetOf(world_, number), 0);
  ASSERT_TRUE(world_.Close().ok());
  for (const char* topic : {"A", "B"}) {
    const std::string file = Concat("store/consumequeue/", topic, "/0/00000000000000000000");
    ASSERT_TRUE(world_.disk.Remove(file).ok());
  }
  ASSERT_TRUE(world_.Open().ok());
  ExpectOnly(number);
}

TEST_P(DeleteTopicTest, WhatWasNotYetIndexedIsDeletedToo) {
  world_.Send("A", 0);
  world_.store->appender().Step();
  ASSERT_TRUE(Delete(world_, "A"));
  EXPECT_TRUE(world_.Bodies("A", 0).empty());
}

TEST_P(DeleteTopicTest, WhatIsSentBehindTheDeletionStays) {
  bool answered = false;
  world_.Send("A", 0);
  world_.store->DeleteTopics({"A"}, nullptr, [&](Status deleted) { answered = deleted.ok(); });
  const auto number = world_.Send("A", 0);
  EXPECT_EQ(OffsetOf(world_, number), 0);
  EXPECT_TRUE(answered);
  ExpectOnly(number);
}

TEST_P(DeleteTopicTest, ATopicThatIsInUseIsLeftAlone) {
  ASSERT_TRUE(Delete(world_, "A", true));
  EXPECT_EQ(world_.Bodies("A", 0).size(), 5U);
  EXPECT_EQ(OffsetOf(world_, world_.Send("A", 0)), 5);
}

// The power cut takes the tail of the log back, so that new records lie below where the deletion
// was.
TEST(DeleteTopic, ALogThatGotShorterTakesNewMessages) {
  StoreWorld world(FlushDiskType::kAsync);
  ASSERT_TRUE(world.Open().ok());
  for (int i = 0; i < 20; ++i) world.Send("A", 0);
  while (world.store->appender().Step() || world.store->dispatcher().Step()) {}  // never flushed
  bool answered = false;
  world.store->DeleteTopics({"A"}, nullptr, [&](Status deleted) { answered = deleted.ok(); });
  while (world.store->appender().Step() || world.store->dispatcher().Step()) {}
  ASSERT_TRUE(answered);
  const auto deleted_at = world.store->log().end();
  world.CrashAndOpen();
  const auto number = world.Send("A", 0);
  EXPECT_EQ(OffsetOf(world, number), 0);
  EXPECT_LE(world.AckOf(number)->log_offset, deleted_at);
  EXPECT_EQ(world.Bodies("A", 0), std::vector<std::string>{world.sent[number].body});
  world.CrashAndOpen();
}

struct Told {
  bool deleted = false;
  std::vector<std::string> acked;  // bodies
};

// A store with messages of A; then, from where the disk counts, its deletion and more sends.
Told Workload(StoreWorld& world, std::optional<Fault> fault) {
  Told told;
  EXPECT_TRUE(world.Open().ok());
  for (int i = 0; i < 5; ++i) world.Send("A", 0);
  world.Pump();
  if (fault) {
    world.disk.Inject(*fault);
  } else {
    world.disk.ClearFault();
  }
  told.deleted = Delete(world, "A");
  for (int i = 0; i < 3; ++i) {
    const auto number = world.Send("A", 0);
    world.Pump();
    if (world.Acked(number)) told.acked.push_back(world.sent[number].body);
    world.clock.Advance(std::chrono::milliseconds(1100));
    world.store->upkeep().Tick();
  }
  return told;
}

void CrashAt(Fault fault) {
  SCOPED_TRACE(Concat(fault.op == Fault::Op::kWrite ? "write " : "sync ", fault.number, " kind ",
                      static_cast<int>(fault.kind)));
  StoreWorld world;
  auto [deleted, acked] = Workload(world, fault);
  EXPECT_TRUE(world.disk.crashed());
  for (int round = 0; round < 2; ++round) {
    world.CrashAndOpen();
    if (testing::Test::HasFatalFailure()) return;
    const auto found = world.Bodies("A", 0);
    for (const std::string& body : acked) {
      EXPECT_EQ(std::count(found.begin(), found.end(), body), 1) << body;
    }
    if (deleted) {
      EXPECT_EQ(std::count(found.begin(), found.end(), world.sent[0].body), 0);
    }
    const auto number = world.Send("A", 0);
    EXPECT_EQ(OffsetOf(world, number), std::ssize(found));
    acked.push_back(world.sent[number].body);
  }
}

// For every write and sync from the deletion on: stop the machine there.
TEST(DeleteTopic, SurvivesAStopOfTheMachineAtEveryStep) {
  StoreWorld calm;
  EXPECT_EQ(Workload(calm, std::nullopt).acked.size(), 3U);
  for (const auto kind : {Fault::Kind::kCrashBefore, Fault::Kind::kCrashAfter}) {
    for (const auto op : {Fault::Op::kWrite, Fault::Op::kSync}) {
      const auto count = op == Fault::Op::kWrite ? calm.disk.writes() : calm.disk.syncs();
      ASSERT_GT(count, 10);
      for (std::int64_t number = 1; number <= count; ++number) {
        CrashAt({op, number, kind});
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace comet::store
