#include "store/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "store/upkeep.h"
#include "test/store/store_world.h"

namespace comet::store {
namespace {

using testing::HasSubstr;

constexpr const char* kFirstFile = "store/commitlog/00000000000000000000";

class RecoveryTest : public testing::Test {
 protected:
  RecoveryTest() {
    EXPECT_TRUE(world_.Open().ok());
    for (int i = 0; i < 10; ++i) world_.Send("A", 0);
    world_.Pump();
    // Marks that say: all of this is on the device.
    world_.clock.Advance(std::chrono::milliseconds(1100));
    world_.store->upkeep().Tick();
  }
  std::int64_t OffsetOf(std::size_t number) const { return world_.AckOf(number)->log_offset; }
  void DamageBodyOf(std::size_t number) {
    constexpr std::uint64_t kInBody = 95;
    world_.disk.FlipBit(kFirstFile, static_cast<std::uint64_t>(OffsetOf(number)) + kInBody, 3);
  }
  void StopThePower() {
    world_.disk.Crash();
    world_.Drop();
    world_.worker.RunReady();
    world_.disk.Restart();
  }

  StoreWorld world_;
};

TEST_F(RecoveryTest, ADamagedRecordInTheMiddleCostsThatRecordAlone) {
  auto expected = world_.Bodies("A", 0);
  StopThePower();
  DamageBodyOf(4);
  testing::internal::CaptureStderr();
  const Status opened = world_.Open();
  const std::string said = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(opened.ok()) << opened.ToString();
  const auto& report = world_.store->recovery();
  ASSERT_EQ(report.damaged.size(), 1U);
  EXPECT_EQ(report.damaged[0].log_offset, OffsetOf(4));
  EXPECT_EQ(report.damaged[0].end(), OffsetOf(5));
  EXPECT_THAT(said, HasSubstr(Concat(kFirstFile, " at byte ", OffsetOf(4))));

  // All others are where they were, and so is what comes.
  const auto number = world_.Send("A", 0);
  world_.Pump();
  EXPECT_EQ(world_.AckOf(number)->queue_offset, 10);
  expected[4] = "?";
  expected.push_back(world_.sent[number].body);
  EXPECT_EQ(world_.Bodies("A", 0), expected);
}

TEST_F(RecoveryTest, DamageIsRememberedAndReportedOnce) {
  StopThePower();
  DamageBodyOf(4);
  ASSERT_TRUE(world_.Open().ok());
  world_.CrashAndOpen();
  EXPECT_TRUE(world_.store->recovery().damaged.empty());
  ASSERT_EQ(world_.store->log().damaged().all().size(), 1U);
  EXPECT_EQ(world_.Bodies("A", 0)[4], "?");
  EXPECT_EQ(world_.Bodies("A", 0).size(), 10U);
}

TEST_F(RecoveryTest, ALossBelowTheFlushedMarkIsReportedWithItsPlaceAndNotCutOff) {
  StopThePower();
  DamageBodyOf(9);  // the last: nothing behind it tells where the log goes on
  const std::string before = world_.disk.Content(kFirstFile);
  const Status opened = world_.Open();
  EXPECT_EQ(opened.code(), Status::Code::kCorruption);
  EXPECT_THAT(opened.message(), HasSubstr(Concat(kFirstFile, " at byte ", OffsetOf(9))));
  EXPECT_THAT(opened.message(), HasSubstr("acceptLoss"));
  EXPECT_EQ(world_.disk.Content(kFirstFile), before);
}

TEST_F(RecoveryTest, AnAcceptedLossKeepsItsPlace) {
  StopThePower();
  DamageBodyOf(9);
  world_.config.accept_loss = true;
  ASSERT_EQ(world_.Open().ToString(), "OK");
  EXPECT_GT(world_.store->recovery().lost_bytes, 0);
  const auto number = world_.Send("A", 0);
  world_.Pump();
  EXPECT_EQ(world_.AckOf(number)->queue_offset, 10);
  EXPECT_GT(OffsetOf(number), OffsetOf(9));
  EXPECT_EQ(world_.Bodies("A", 0)[9], "?");
  EXPECT_EQ(world_.Bodies("A", 0)[10], world_.sent[number].body);
}

TEST_F(RecoveryTest, AMissingLogFileIsNamed) {
  for (int i = 0; i < 12; ++i) world_.Send("A", 0, 1000);  // three files
  world_.Pump();
  world_.clock.Advance(std::chrono::milliseconds(1100));
  world_.store->upkeep().Tick();
  StopThePower();
  ASSERT_TRUE(world_.disk.Remove("store/commitlog/00000000000000004096").ok());
  const Status opened = world_.Open();
  EXPECT_EQ(opened.code(), Status::Code::kCorruption);
  EXPECT_THAT(opened.message(), HasSubstr("00000000000000008192"));
}

TEST_F(RecoveryTest, DamagedQueuesAndIndexAreMadeAgainFromTheLog) {
  ASSERT_TRUE(world_.Close().ok());
  world_.disk.FlipBit("store/consumequeue/A/0/00000000000000000000", 3 * 20 + 3, 6);
  const auto index = world_.disk.List("store/index");
  ASSERT_TRUE(index.ok());
  world_.disk.FlipBit("store/index/" + index->front(), 41, 1);  // a hash slot
  ASSERT_EQ(world_.Open().ToString(), "OK");
  world_.CheckEverything();
  EXPECT_EQ(world_.Bodies("A", 0).size(), 10U);
}

}  // namespace
}  // namespace comet::store
