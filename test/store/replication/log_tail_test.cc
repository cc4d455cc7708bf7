#include "store/replication/log_tail.h"

#include <gtest/gtest.h>

#include "test/store/replication/replication_world.h"

namespace comet::store {
namespace {

LogTail TailOf(StoreWorld& world) {
  return TailOf(world.store->log(), world.store->queues()).Take();
}

TEST(LogTail, AnEmptyLogAgreesWithAll) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  EXPECT_EQ(TailOf(world), LogTail{});
  EXPECT_TRUE(CheckTail(world.store->log(), LogTail{}).ok());
}

TEST(LogTail, IsTheLastRecord) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 20; ++i) {
    const auto number = world.Send(i % 2 == 0 ? "A" : "B", i % 3, 300);
    world.Pump();
    EXPECT_EQ(TailOf(world).offset, world.AckOf(number)->log_offset);
    EXPECT_EQ(TailOf(world).end(), world.store->log().end());
  }
  const LogRange last = LastRecord(world.store->log(), world.store->queues()).Take();
  EXPECT_EQ(wire::ReadRecord(last.bytes).record.body, world.sent.back().body);
}

TEST(LogTail, IsFoundWhenQueuesLagBehindOrAreEmpty) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  const auto step = [&] {
    while (world.store->appender().Step()) world.store->flusher().Step();
  };
  for (const bool dispatched : {false, true, false}) {
    const auto number = world.Send("A", 0);
    step();
    EXPECT_EQ(TailOf(world).offset, world.AckOf(number)->log_offset);
    if (dispatched) world.Pump();
  }
  ASSERT_TRUE(world.store->log().Roll().ok());
  EXPECT_EQ(TailOf(world).offset, world.AckOf(2)->log_offset);
}

// Zeros in its place would look like another log.
TEST(LogTail, IsNotTakenFromWhatTheDeviceDoesNotGive) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  const LogTail tail = TailOf(world);
  world.disk.Spoil("store/commitlog/00000000000000000000",
                   static_cast<std::uint64_t>(world.store->log().end() - 1), 1);
  CommitLog& log = world.store->log();
  EXPECT_EQ(CheckTail(log, tail).code(), Status::Code::kIo);
  EXPECT_EQ(TailOf(log, world.store->queues()).error().code(), Status::Code::kIo);
  EXPECT_EQ(LastRecord(log, world.store->queues()).error().code(), Status::Code::kIo);
}

TEST(LogTail, HoldsForALogThatGoesOnAndForOneThatHasNotGoneSoFar) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.master.Send("A", 0);
  world.master.Pump();
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.master.Send("A", 0);
  world.master.Pump();
  EXPECT_TRUE(CheckTail(world.master.store->log(), TailOf(world.slave)).ok());
  EXPECT_EQ(CheckTail(world.copy(), TailOf(world.master)).code(), Status::Code::kNotFound);
}

// It comes from another broker.
TEST(LogTail, AbsurdOnesAreRefused) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  const auto& log = world.store->log();
  for (const LogTail& tail :
       {LogTail{INT64_MAX, 1, 0}, LogTail{INT64_MAX, INT64_MAX, 0}, LogTail{0, INT64_MAX, 0},
        LogTail{1, INT64_MAX, 0}, LogTail{-1, 2, 0}, LogTail{INT64_MIN, INT64_MAX, 0},
        LogTail{0, -1, 0}, LogTail{INT64_MIN, INT64_MIN, 0}}) {
    EXPECT_EQ(CheckTail(log, tail).code(), Status::Code::kNotFound) << tail.offset;
  }
}

TEST(LogTail, TellsLogsThatWentDifferentWays) {
  StoreWorld one, other;
  ASSERT_EQ(one.Open().ToString(), "OK");
  ASSERT_EQ(other.Open().ToString(), "OK");
  for (StoreWorld* world : {&one, &other}) {
    world->Send("A", 0);
    if (world == &other) world->clock.Advance(std::chrono::milliseconds(1));
    world->Send("A", 0);
    world->Pump();
  }
  EXPECT_EQ(one.store->log().end(), other.store->log().end());
  EXPECT_EQ(CheckTail(one.store->log(), TailOf(other)).code(), Status::Code::kInvalid);
}

// One log was closed there and goes on in the next file, the other has a record in this one.
TEST(LogTail, TellsABlankRecordFromAnother) {
  StoreWorld one, other;
  ASSERT_EQ(one.Open().ToString(), "OK");
  ASSERT_EQ(other.Open().ToString(), "OK");
  for (StoreWorld* world : {&one, &other}) {
    world->Send("A", 0);
    world->Pump();
  }
  ASSERT_TRUE(one.store->log().Roll().ok());
  while (other.store->log().end() < 2 * 4096) {
    other.Send("A", 0);
    other.Pump();
  }
  EXPECT_EQ(TailOf(one).offset, 0);
  EXPECT_EQ(CheckTail(other.store->log(), TailOf(one)).code(), Status::Code::kInvalid);
}

}  // namespace
}  // namespace comet::store
