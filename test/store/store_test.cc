#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "store/checked_lines.h"
#include "store/layout.h"
#include "store/upkeep.h"
#include "test/store/store_world.h"

namespace comet::store {
namespace {

using sim::Fault;

TEST(Store, GivesEachQueueDenseOffsetsAndFindsTheMessages) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 100; ++i) world.Send(i % 3 == 0 ? "A" : "B", i % 2);
  world.Pump();
  for (std::size_t i = 0; i < world.sent.size(); ++i) EXPECT_TRUE(world.Acked(i));
  world.CheckEverything();
}

TEST(Store, FindsEverythingAgainAfterAnOrderlyStop) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 100; ++i) world.Send("A", i % 2);
  world.Pump();
  const auto end = world.store->log().end();
  ASSERT_EQ(world.Close().ToString(), "OK");
  ASSERT_EQ(world.Open().ToString(), "OK");
  EXPECT_EQ(world.store->log().end(), end);
  EXPECT_EQ(world.store->recovery().scanned_from, end);  // nothing had to be read again
  world.CheckEverything();
  world.Send("A", 0);
  world.Pump();
  world.CheckEverything();
}

TEST(Store, AnOrderlyStopWritesWhatWaits) {
  StoreWorld world(FlushDiskType::kAsync);
  ASSERT_EQ(world.Open().ToString(), "OK");
  const auto number = world.Send("A", 0);
  ASSERT_EQ(world.Close().ToString(), "OK");
  EXPECT_TRUE(world.Acked(number));
  ASSERT_EQ(world.Open().ToString(), "OK");
  EXPECT_EQ(world.Bodies("A", 0).size(), 1U);
}

TEST(Store, AnOrderlyStopRemovesWhatACrashHasLeftOfTheNextLogFile) {
  StoreWorld world;
  for (const char* workshop : {"store/prepare", "store/commitlog/prepare"}) {
    ASSERT_TRUE(world.disk.MakeDirectories(workshop).ok());
    const std::string path = PathIn(workshop, SegmentName(4096));
    ASSERT_TRUE(world.disk.Open(path, FileSystem::Mode::kCreate).ok());
  }
  ASSERT_EQ(world.Open().ToString(), "OK");
  EXPECT_EQ(world.Close().ToString(), "OK");
  for (const char* gone : {"store/prepare", "store/commitlog/prepare", "store/abort"}) {
    const auto there = world.disk.Exists(gone);
    ASSERT_TRUE(there.ok()) << there.error().ToString();
    EXPECT_FALSE(*there) << gone;
  }
}

TEST(Store, AQueueThatLostMoreThanAMillionEntriesTakesTheNextMessage) {
  constexpr std::int64_t kEndOnce = 2'000'000;
  StoreWorld world;
  world.config.queue_file_bytes = 20 << 20;
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 3; ++i) world.Send("A", 0);
  ASSERT_EQ(world.Close().ToString(), "OK");
  const std::string ends = Concat("A 0 ", kEndOnce, '\n');
  ASSERT_TRUE(WriteCheckedLines(world.disk, "store/consumequeue_ends", ends).ok());
  ASSERT_EQ(world.Open().ToString(), "OK");
  const auto number = world.Send("A", 0);
  world.Pump();
  ASSERT_TRUE(world.Acked(number));
  EXPECT_EQ(world.AckOf(number)->queue_offset, kEndOnce);
  QueueEntry entry;
  const auto got = world.store->queues().Find("A", 0)->queue().Get(kEndOnce, std::span(&entry, 1));
  ASSERT_TRUE(got.ok()) << got.error().ToString();
  ASSERT_EQ(*got, 1U) << "the queue has no entry for it";
  EXPECT_EQ(entry.log_offset, world.AckOf(number)->log_offset);
}

TEST(Store, ASecondOpenIsRefusedByTheLock) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  auto second = Store::Open({world.disk, world.clock, world.worker, world.acks, world.arrivals},
                            world.config);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Status::Code::kUnavailable);
}

TEST(Store, TakesMessagesOfItsOwnWithACallback) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  wire::RecordSource source;
  source.topic = "A";
  source.body = "from inside";
  Ack answer;
  int answers = 0;
  QueueSlot& queue = *world.store->queues().FindOrCreate("A", 0);
  ASSERT_TRUE(world.store
                  ->Append(source, queue, {.flushed = true},
                           [&](const Ack& ack) {
                             answer = ack;
                             ++answers;
                           })
                  .ok());
  world.Pump();
  EXPECT_EQ(answers, 1);
  EXPECT_EQ(answer.outcome, AppendOutcome::kOk);
  EXPECT_EQ(answer.queue_offset, 0);
  EXPECT_TRUE(world.acks.by_slot.empty());
  EXPECT_THAT(world.Bodies("A", 0), testing::ElementsAre("from inside"));
}

TEST(Store, UnderSyncFlushConsumersSeeAMessageOnlyOnceItIsOnDisk) {
  StoreWorld world(FlushDiskType::kSync);
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  ASSERT_TRUE(world.store->appender().Step());
  world.store->dispatcher().Step();
  EXPECT_TRUE(world.Bodies("A", 0).empty());
  ASSERT_TRUE(world.store->flusher().Step());
  world.store->dispatcher().Step();
  EXPECT_EQ(world.Bodies("A", 0).size(), 1U);
}

TEST(Store, AFailedWriteAnswersWithAnErrorRefusesSendsAndGoesOnReading) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  world.disk.Inject({Fault::Op::kWrite, 1, Fault::Kind::kFail});
  const auto failed = world.Send("A", 0);
  world.Pump();
  ASSERT_NE(world.AckOf(failed), nullptr);
  EXPECT_EQ(world.AckOf(failed)->outcome, AppendOutcome::kFailed);
  EXPECT_EQ(world.store->refusal(), Refusal::kPoisoned);
  world.Send("A", 0);
  world.Pump();
  EXPECT_EQ(world.acks.by_slot.size(), 2U);  // the third was refused by the stager
  EXPECT_EQ(world.Bodies("A", 0).size(), 1U);
}

TEST(Store, AFailedSyncAnswersEveryWaiterWithAnErrorAndIsNotTriedAgain) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  world.disk.Inject({Fault::Op::kSync, 1, Fault::Kind::kFail});
  const auto a = world.Send("A", 0), b = world.Send("A", 1);
  world.Pump();
  EXPECT_EQ(world.AckOf(a)->outcome, AppendOutcome::kFailed);
  EXPECT_EQ(world.AckOf(b)->outcome, AppendOutcome::kFailed);
  EXPECT_EQ(world.disk.syncs(), 1);
  EXPECT_EQ(world.store->refusal(), Refusal::kPoisoned);
  EXPECT_EQ(world.store->metrics().poisoned.Get(), 1);
  EXPECT_FALSE(world.Close().ok());
}

TEST(Store, AFullDiskRefusesSendsAndRecoversByItself) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  world.disk.SetCapacity(3 * 4096);  // a log file, the checkpoint and the rest; no second log file
  std::size_t last = 0;
  for (int i = 0; i < 60 && world.store->refusal() == Refusal::kNone; ++i) {
    last = world.Send("A", 0);
    world.Pump();
  }
  ASSERT_EQ(world.store->refusal(), Refusal::kDiskFull);
  EXPECT_EQ(world.AckOf(last)->outcome, AppendOutcome::kRefused);
  EXPECT_EQ(world.AckOf(last)->refusal, Refusal::kDiskFull);
  world.disk.SetCapacity(1 << 20);
  world.clock.Advance(std::chrono::seconds(2));
  world.store->upkeep().Tick();
  EXPECT_EQ(world.store->refusal(), Refusal::kNone);
  const auto again = world.Send("A", 0);
  world.Pump();
  EXPECT_TRUE(world.Acked(again));
  world.CheckEverything();
}

TEST(Store, ABatchGetsConsecutiveOffsetsInOneFile) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 8; ++i) {
    const auto numbers = world.SendMany("A", 0, 7, 100);
    world.Send("A", 0);
    world.Pump();
    const Ack& ack = *world.AckOf(numbers.front());
    ASSERT_EQ(ack.outcome, AppendOutcome::kOk);
    const auto first = world.store->log().SegmentAt(ack.log_offset);
    for (int k = 0; k < 7; ++k) {
      QueueEntry entry;
      const auto& queue = world.store->queues().Find("A", 0)->queue();
      ASSERT_TRUE(queue.Get(ack.queue_offset + k, std::span(&entry, 1)).ok());
      EXPECT_EQ(world.store->log().SegmentAt(entry.log_offset), first);
    }
  }
  world.CheckEverything();
}

TEST(Store, AMessageThatIsRefusedLeavesRoomForALargeOne) {
  StoreWorld world;
  world.config.segment_bytes = 4 << 20;
  ASSERT_EQ(world.Open().ToString(), "OK");
  wire::RecordSource refused;
  const std::string zeros = "name\1" + std::string(600, '\0') + "value\2";
  refused.topic = "A";
  refused.body = "body";
  refused.properties = zeros;
  QueueSlot& queue = *world.store->queues().FindOrCreate("A", 0);
  EXPECT_EQ(world.stager->Stage(refused, queue, {0, 1, 0}, {}).code(), Status::Code::kInvalid);
  world.stager->Submit();
  const auto large = world.Send("A", 0, 300 << 10);
  world.Pump();
  EXPECT_TRUE(world.Acked(large));
  world.CheckEverything();
}

TEST(Store, RunningOutOfDescriptorsRefusesSendsForAWhileAndPoisonsNothing) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  world.disk.RunOutOfDescriptors(true);
  std::size_t last = 0;
  for (int i = 0; i < 200; ++i) {  // more than fit the files that are open
    last = world.Send("A", i % 2);
    world.Pump();
  }
  EXPECT_FALSE(world.Acked(last));
  world.clock.Advance(std::chrono::minutes(1));
  world.store->upkeep().Tick();  // a checkpoint syncs what was written
  EXPECT_NE(world.store->refusal(), Refusal::kPoisoned);
  world.disk.RunOutOfDescriptors(false);
  world.clock.Advance(std::chrono::minutes(1));
  world.store->upkeep().Tick();
  world.Pump();
  const auto next = world.Send("A", 0);
  world.Pump();
  EXPECT_TRUE(world.Acked(next));
  world.CheckEverything();
}

TEST(Store, AMessageThatFitsNoLogFileIsRefusedAtOnce) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  wire::RecordSource source;
  const std::string body(4096, 'x');
  source.topic = "A";
  source.body = body;
  QueueSlot& queue = *world.store->queues().FindOrCreate("A", 0);
  EXPECT_EQ(world.stager->Stage(source, queue, {0, 1, 0}, {}).code(), Status::Code::kInvalid);
}

}  // namespace
}  // namespace comet::store
