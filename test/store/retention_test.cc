#include "store/retention.h"

#include <gtest/gtest.h>

#include "test/store/faulty_file_system.h"
#include "test/store/store_world.h"

namespace comet::store {
namespace {

class RetentionTest : public testing::Test {
 protected:
  RetentionTest() {
    const Status opened = world_.Open();
    EXPECT_TRUE(opened.ok()) << opened.ToString();
    for (int n = 0; n < 200; ++n) world_.Send("T", n % 2);
    world_.Pump();
    options_.paths = {"store"};
    options_.delete_when = "";  // no hour at all
    files_ = world_.store->log().segments().size();
    EXPECT_GE(files_, 5U);
  }
  int Step() {
    Store& store = *world_.store;
    if (retention_ == nullptr) {
      retention_ = std::make_unique<Retention>(disk_, world_.clock, store.log(), store.queues(),
                                               store.index(), options_);
    }
    retention_->Change(options_);
    const auto deleted = retention_->Step(indexed_to_);
    EXPECT_TRUE(deleted.ok()) << deleted.error().ToString();
    return deleted.ok() ? *deleted : -1;
  }
  std::string HourNow() const {
    const std::time_t seconds = world_.clock.WallNow() / 1000;
    std::tm local{};
    localtime_r(&seconds, &local);
    return std::to_string(local.tm_hour);
  }
  void PassHours(int hours) { world_.clock.Advance(std::chrono::hours(hours)); }

  StoreWorld world_;
  FaultyFileSystem disk_{world_.disk};
  RetentionOptions options_;
  std::unique_ptr<Retention> retention_;
  std::size_t files_ = 0;
  std::int64_t indexed_to_ = INT64_MAX;
};

TEST_F(RetentionTest, DeletesExpiredFilesAtTheHourAndNeverTheLast) {
  PassHours(73);
  EXPECT_EQ(Step(), 0);  // not the hour
  options_.delete_when = "25;" + HourNow();
  options_.files_per_round = 2;
  EXPECT_EQ(Step(), 2);
  EXPECT_EQ(Step(), 2);
  options_.files_per_round = 100;
  EXPECT_EQ(Step(), static_cast<int>(files_) - 5);
  EXPECT_EQ(Step(), 0);
  EXPECT_EQ(world_.store->log().segments().size(), 1U);
}

TEST_F(RetentionTest, AFileThatCannotBeRemovedStaysTheOldest) {
  const auto begin = world_.store->log().begin();
  world_.disk.Inject({sim::Fault::Op::kWrite, 1, sim::Fault::Kind::kFail});
  EXPECT_FALSE(world_.store->log().RemoveOldest().ok());
  world_.disk.ClearFault();
  EXPECT_EQ(world_.store->log().begin(), begin);
  EXPECT_EQ(world_.store->log().segments().size(), files_);
  EXPECT_TRUE(world_.store->log().RemoveOldest().ok());
  EXPECT_TRUE(world_.store->log().RemoveOldest().ok());
  ASSERT_EQ(world_.Close().ToString(), "OK");
  EXPECT_EQ(world_.Open().ToString(), "OK") << "no hole in the log";
}

TEST_F(RetentionTest, KeepsWhatHasNotExpired) {
  options_.delete_when = HourNow();
  EXPECT_EQ(Step(), 0);
  PassHours(72);
  options_.delete_when = HourNow();
  EXPECT_EQ(Step(), 0);
}

TEST_F(RetentionTest, QueuesAndIndexFollowTheLog) {
  PassHours(73);
  options_.delete_when = HourNow();
  options_.files_per_round = 3;
  const std::size_t index_files = world_.store->index()->files();
  ASSERT_EQ(Step(), 3);
  const std::int64_t begin = world_.store->log().begin();
  EXPECT_GT(begin, 0);
  std::vector<std::int64_t> begins;
  for (const std::int32_t id : {0, 1}) {
    const QueueSlot* slot = world_.store->queues().Find("T", id);
    begins.push_back(slot->queue().begin());
    EXPECT_GT(slot->queue().begin(), 0);
    EXPECT_EQ(slot->queue().end(), 100);
    const ReadResult read = world_.store->reader().Read(slot, slot->queue().begin(), {}, nullptr);
    EXPECT_EQ(read.status, ReadStatus::kFound);
    QueueEntry entry;
    ASSERT_TRUE(slot->queue().Get(slot->queue().begin(), {&entry, 1}).ok());
    EXPECT_GE(entry.log_offset, begin);
    EXPECT_EQ(world_.store->reader().Read(slot, 0, {}, nullptr).status,
              ReadStatus::kOffsetTooSmall);
  }
  EXPECT_LT(world_.store->index()->files(), index_files);
  ASSERT_TRUE(world_.Close().ok());
  ASSERT_TRUE(world_.Open().ok());
  EXPECT_EQ(world_.store->log().begin(), begin);
  for (const std::int32_t id : {0, 1}) {
    const QueueSlot* slot = world_.store->queues().Find("T", id);
    EXPECT_EQ(slot->queue().begin(), begins[static_cast<std::size_t>(id)]);
    EXPECT_EQ(slot->queue().end(), 100);
    EXPECT_EQ(slot->next_offset, 100);
  }
}

TEST_F(RetentionTest, KeepsWhatTheQueuesDoNotHaveOnTheDevice) {
  PassHours(73);
  options_.delete_when = HourNow();
  indexed_to_ = 2 * world_.config.segment_bytes + 1;
  EXPECT_EQ(Step(), 2);
  EXPECT_EQ(Step(), 0);
  indexed_to_ = 3 * world_.config.segment_bytes;
  EXPECT_EQ(Step(), 1);
}

// Else queues and index would forget messages that a start finds in the log again.
TEST_F(RetentionTest, AFileThatCannotBeRemovedForGoodIsStillThereAndTriedAgain) {
  PassHours(73);
  options_.delete_when = HourNow();
  options_.files_per_round = 1;
  EXPECT_EQ(Step(), 1);
  const auto& log = world_.store->log();
  const auto begin = log.begin();
  const auto first = world_.store->queues().Find("T", 0)->queue().begin();
  for (const auto op : {sim::Fault::Op::kWrite, sim::Fault::Op::kSync}) {
    world_.disk.Inject({op, 1, sim::Fault::Kind::kFail});
    EXPECT_EQ(retention_->Step(log.end()).error().code(), Status::Code::kIo);
    EXPECT_EQ(log.begin(), begin);
    EXPECT_EQ(log.segments().size(), files_ - 1);
    EXPECT_EQ(world_.store->queues().Find("T", 0)->queue().begin(), first);
  }
  EXPECT_EQ(Step(), 1);
  EXPECT_GT(log.begin(), begin);
  EXPECT_EQ(log.segments().size(), files_ - 2);
  EXPECT_GT(world_.store->queues().Find("T", 0)->queue().begin(), first);
}

TEST_F(RetentionTest, AFullerDiskDeletesExpiredFilesAtAnyHour) {
  PassHours(73);
  disk_.used_percent = 76;
  EXPECT_GT(Step(), 0);
}

TEST_F(RetentionTest, AFullDiskRefusesSendsDeletesNothingUnexpiredAndRecovers) {
  disk_.used_percent = 91;
  EXPECT_EQ(Step(), 0);
  EXPECT_TRUE(retention_->disk_full());
  EXPECT_EQ(retention_->used_percent(), 91);
  disk_.used_percent = 90;
  ASSERT_TRUE(retention_->CheckDisks().ok());
  EXPECT_FALSE(retention_->disk_full());
}

TEST_F(RetentionTest, DeletesUnexpiredFilesOnlyWhenTold) {
  options_.delete_unexpired = true;
  disk_.used_percent = 85;
  EXPECT_EQ(Step(), 0);
  disk_.used_percent = 86;
  EXPECT_GT(Step(), 0);
}

TEST_F(RetentionTest, DeletesSoonWhenAsked) {
  PassHours(73);
  EXPECT_EQ(Step(), 0);
  retention_->DeleteSoon();
  EXPECT_GT(Step(), 0);
}

}  // namespace
}  // namespace comet::store
