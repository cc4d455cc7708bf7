#include "broker/delay/delay_step.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "store/upkeep.h"
#include "test/broker/delay/delay_world.h"

namespace comet::broker {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(DelayStep, WhileItsQueueCannotBeReadALevelWaitsAndLosesNothing) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "first");
  world.Delay(1, "second");
  world.fs.fail_reads = true;
  world.Pass(1000);
  world.Pass(1000);
  EXPECT_EQ(world.next, std::chrono::milliseconds(100));
  EXPECT_EQ(world.step->progress(1), 0);
  world.fs.fail_reads = false;
  world.Pass(100);
  EXPECT_THAT(world.Delivered(), ElementsAre("first", "second"));
}

TEST(DelayStep, WhatTheStoreRefusedIsKeptWhileItsQueueCannotBeRead) {
  DelayWorld world;
  world.Open();
  world.Put("there is a queue");
  world.Delay(1, std::string(600, 'd'));
  const auto space = world.disk.Space("store").Take();
  world.disk.SetCapacity(space.total_bytes - space.free_bytes);  // no second log file
  while (world.store->log().room() > 600) world.Put(std::string(100, '.'));
  world.Pass(1000);
  ASSERT_EQ(world.store->refusal(), store::Refusal::kDiskFull);
  world.disk.SetCapacity(1 << 20);
  world.clock.Advance(std::chrono::seconds(2));
  world.store->upkeep().Tick();
  ASSERT_EQ(world.store->refusal(), store::Refusal::kNone);
  world.fs.fail_reads = true;
  world.Pass(100);
  world.fs.fail_reads = false;
  world.Pass(100);
  EXPECT_THAT(world.Delivered(), Contains(std::string(600, 'd')));
}

// It may be back: who waits for it is not sent past it, and neither are those behind it.
TEST(DelayStep, AMessageThatTheDeviceDoesNotGiveHoldsItsLevelUntilAStartFindsIt) {
  constexpr const char* kLog = "store/commitlog/00000000000000000000";
  DelayWorld world;
  world.Open();
  const auto record = static_cast<std::uint64_t>(world.store->log().end());
  world.Delay(1, "held");
  world.Delay(1, "behind");
  world.Flush();
  world.disk.Spoil(kLog, record, 1);
  world.Pass(1000);
  world.Pass(1000);
  EXPECT_THAT(world.Delivered(), IsEmpty());
  EXPECT_EQ(world.step->progress(1), 0);
  world.disk.Mend(kLog);
  world.CrashAndOpen();
  world.Pass(1000);
  EXPECT_THAT(world.Delivered(), ElementsAre("held", "behind"));
}

TEST(DelayStep, ADamagedEntryIsPassed) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "damaged");
  world.Delay(1, "whole");
  const auto path = "store/consumequeue/SCHEDULE_TOPIC_XXXX/0/00000000000000000000";
  world.disk.FlipBit(path, 0, 7);  // the sign of its place in the log
  world.Pass(1000);
  EXPECT_THAT(world.Delivered(), ElementsAre("whole"));
}

TEST(DelayStep, ProgressIsRememberedOnlyWhenTheDeliveryIsOnTheDisk) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "message");
  world.Flush();
  world.Pass(1000);
  ASSERT_THAT(world.Delivered(), ElementsAre("message"));
  world.Persist();
  EXPECT_EQ(world.Remembered(1), 0);
  world.Flush();
  world.Persist();
  EXPECT_EQ(world.Remembered(1), 1);
}

TEST(DelayStep, NoPowerCutTakesAMessageWhoseDeliveryWasLost) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    DelayWorld world(store::FlushDiskType::kAsync, seed);
    world.Open();
    world.Delay(1, "message");
    world.Flush();
    world.Pass(1000);
    world.Persist();
    world.CrashAndOpen();
    world.Pass(1000);
    EXPECT_THAT(world.Delivered(), Contains("message")) << "seed " << seed;
  }
}

TEST(DelayStep, ADeliveryThatTheDiskNeverTookIsNoProgress) {
  DelayWorld world(store::FlushDiskType::kSync);
  world.Open();
  world.Delay(1, "message");
  world.clock.Advance(std::chrono::seconds(1));
  world.step->Step();
  ASSERT_TRUE(world.store->appender().Step());
  world.clock.Advance(std::chrono::milliseconds(world.config.sync_flush_timeout_ms));
  world.store->tracker().Expire(world.clock.Now());
  world.executor.RunReady();  // the answer: not known to be on the device
  world.step->Step();
  world.Persist();
  EXPECT_EQ(world.Remembered(1), 0);
  world.disk.Inject({sim::Fault::Op::kSync, 1, sim::Fault::Kind::kFail});
  world.Pump();
  ASSERT_EQ(world.store->refusal(), store::Refusal::kPoisoned);
  world.Pass(100);
  world.Persist();
  EXPECT_EQ(world.Remembered(1), 0);
}

TEST(DelayStep, AMessageThatIsPassedIsNoProgressBeforeItIsOnTheDisk) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "for no queue", "x");
  world.Pass(1000);
  world.Persist();
  EXPECT_EQ(world.Remembered(1), 0);
  world.CrashAndOpen();
  world.Delay(1, "message");
  world.Pass(1000);
  EXPECT_THAT(world.Delivered(), ElementsAre("message"));
  world.Flush();
  world.Persist();
  EXPECT_GE(world.Remembered(1), 1);
}

TEST(DelayStep, ProgressGoesOnWhenNoMoreMessagesCome) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "message");
  world.Pass(1000);
  world.Pass(100);
  EXPECT_EQ(world.next, std::chrono::milliseconds(100));
  world.clock.Advance(std::chrono::milliseconds(world.config.flush_interval_ms));
  world.store->upkeep().Tick();
  world.Pump();
  world.Pass(100);
  EXPECT_EQ(world.step->progress(1), 1);
  EXPECT_EQ(world.next, std::nullopt);
}

TEST(DelayStep, WhatWaitsForTheDiskHoldsNoOtherMessageUp) {
  DelayWorld world;
  world.Open();
  for (int i = 0; i < 600; ++i) world.Delay(1, "message");
  world.Pass(1000);
  world.Pass(100);
  world.Pass(100);
  EXPECT_EQ(world.Delivered().size(), 600);
  EXPECT_EQ(world.step->progress(1), 0);
}

TEST(DelayStep, ABacklogComesAsFastAsTheStoreTakesIt) {
  DelayWorld world;
  world.Open();
  for (int i = 0; i < 3000; ++i) world.Delay(1, "message");
  world.Pass(1000);
  EXPECT_EQ(world.Delivered().size(), 3000);
}

TEST(DelayStep, AMessageComesToItsQueueAlthoughItsTopicHasFewerByNow) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "message", "3");
  auto orders = world.topics->Find("orders")->config();
  orders.read_queues = orders.write_queues = 2;
  ASSERT_EQ(world.topics->Put(orders).ToString(), "OK");
  world.Pass(1000);
  EXPECT_THAT(world.Delivered(3), ElementsAre("message"));
}

TEST(DelayStep, AMessageComesToItsQueueAlthoughItsTopicIsNotKnownYet) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "message", "0", "unheard");
  world.Pass(1000);
  EXPECT_THAT(world.Delivered(0, "unheard"), ElementsAre("message"));
  ASSERT_TRUE(world.topics->CreateIfMissing("unheard", 1, 0).ok());
  world.Delay(1, "next", "0", "unheard");
  world.Pass(1000);
  EXPECT_THAT(world.Delivered(0, "unheard"), ElementsAre("message", "next"));
}

TEST(DelayStep, AQueueThatNoTopicCanHaveIsNotMade) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "message", Concat(TopicTable::kQueuesPerTopicMax));
  world.Delay(1, "message", "-1");
  world.Delay(1, "message", "-1", "unheard");
  for (const auto* topic : {"", ".", "../orders", "no topic", "SCHEDULE_TOPIC_XXXX"}) {
    world.Delay(1, "message", "0", topic);
  }
  const auto queues = world.store->queues().size();
  world.Pass(1000);
  EXPECT_EQ(world.store->queues().size(), queues);
  EXPECT_EQ(world.next, std::chrono::milliseconds(100));  // passed, and not on the disk
}

TEST(DelayStep, AfterTheClockWasSetBackANewMessageWaitsItsDelay) {
  DelayWorld world;
  world.Open();
  world.Delay(1, "before");
  world.Live(1000);
  ASSERT_THAT(world.Delivered(), ElementsAre("before"));
  world.clock.SetBack(3'600'000);
  world.Live(20'000);
  world.Delay(2, "first");
  world.Live(5000);
  world.Delay(2, "second");
  world.Live(4900);
  EXPECT_THAT(world.Delivered(), ElementsAre("before"));
  world.Live(300);
  EXPECT_THAT(world.Delivered(), ElementsAre("before", "first"));
  world.Live(4600);
  EXPECT_THAT(world.Delivered(), ElementsAre("before", "first"));
  world.Live(400);
  EXPECT_THAT(world.Delivered(), ElementsAre("before", "first", "second"));
}

TEST(DelayStep, WhatWaitsWhenTheClockIsSetBackWaitsNoLonger) {
  for (const WallMs by_ms : {500, 8000, 3'600'000}) {
    DelayWorld world;
    world.Open();
    world.Delay(2, "first");
    world.Live(2000);
    world.Delay(2, "second");
    world.Live(3000);
    world.clock.SetBack(by_ms);
    world.Live(4900);
    EXPECT_THAT(world.Delivered(), IsEmpty()) << by_ms;
    world.Live(300);
    EXPECT_THAT(world.Delivered(), ElementsAre("first")) << by_ms;
    world.Live(1700);
    EXPECT_THAT(world.Delivered(), ElementsAre("first")) << by_ms;
    world.Live(400);
    EXPECT_THAT(world.Delivered(), ElementsAre("first", "second")) << by_ms;
  }
}

TEST(DelayStep, AfterAStartWithTheClockSetBackNothingWaitsLongerThanItsDelay) {
  DelayWorld world;
  world.Open();
  world.Delay(2, "message");
  world.Flush();
  world.clock.SetBack(3'600'000);
  world.CrashAndOpen();
  world.Live(9900);
  EXPECT_THAT(world.Delivered(), IsEmpty());
  world.Live(300);
  EXPECT_THAT(world.Delivered(), ElementsAre("message"));
}

TEST(DelayStep, WhenALevelWasMadeShorterWhatIsFurtherAwayIsDue) {
  DelayWorld world;
  world.Open();
  world.Delay(2, "message");
  ASSERT_EQ(world.store->Close().ToString(), "OK");
  world.config.delay_levels = "1s 5s 1h";
  world.CrashAndOpen();
  world.Live(0);
  EXPECT_THAT(world.Delivered(), ElementsAre("message"));
}

}  // namespace
}  // namespace comet::broker
