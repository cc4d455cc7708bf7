#include "store/file_consume_queue.h"

#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "store/queue_units.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"
#include "test/store/faulty_file_system.h"

namespace comet::store {
namespace {

constexpr std::int64_t kFileBytes = 200;  // ten entries
constexpr std::int32_t kRecordBytes = 100;

QueueEntry EntryAt(std::int64_t n) {
  return {n * 1000, kRecordBytes, n * 7 - 3};
}

class FileConsumeQueueTest : public testing::Test {
 protected:
  FileConsumeQueueTest() { Reopen(); }

  void Reopen() {
    queue_.reset();
    queue_ = std::make_unique<FileConsumeQueue>(files_, directory_ / "T/0", kFileBytes);
  }
  bool Load(std::int64_t budget_bytes = 1 << 20, bool after_crash = false,
            std::int64_t trusted_to = 0) {
    Reopen();
    QueueTrust trust{after_crash, trusted_to, budget_bytes};
    auto good = queue_->Load(&trust);
    EXPECT_TRUE(good.ok()) << good.error().message();
    return good.ok() && *good;
  }
  void Put(std::int64_t from, std::int64_t to) {
    for (std::int64_t n = from; n < to; ++n) queue_->Add(n, EntryAt(n));
    ASSERT_TRUE(queue_->Publish().ok());
  }
  QueueEntry At(std::int64_t index) {
    QueueEntry entry;
    auto got = queue_->Get(index, {&entry, 1});
    EXPECT_TRUE(got.ok() && *got == 1) << index;
    return entry;
  }
  std::string FilePath(std::int64_t number) const {
    std::string digits = std::to_string(number * kFileBytes);
    return directory_ / ("T/0/" + std::string(20 - digits.size(), '0') + digits);
  }
  std::size_t FileCount() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory_ / "T/0"), {}));
  }

  TempDirectory directory_;
  PosixFileSystem real_;
  FaultyFileSystem fs_{real_};
  OpenFiles files_{fs_, 4};
  std::unique_ptr<FileConsumeQueue> queue_;
};

TEST_F(FileConsumeQueueTest, ShowsNothingBeforePublish) {
  queue_->Add(0, EntryAt(0));
  EXPECT_EQ(queue_->end(), 0);
  QueueEntry entry;
  EXPECT_EQ(*queue_->Get(0, {&entry, 1}), 0U);
  ASSERT_TRUE(queue_->Publish().ok());
  EXPECT_EQ(queue_->end(), 1);
  EXPECT_EQ(At(0), EntryAt(0));
}

TEST_F(FileConsumeQueueTest, WritesRocketMqsUnitsIntoFilesNamedByPosition) {
  Put(0, 25);
  EXPECT_EQ(FileCount(), 3U);
  const std::string second = ReadWholeFile(FilePath(1));
  ASSERT_EQ(second.size(), static_cast<std::size_t>(kFileBytes));
  EXPECT_EQ(DecodeUnit(second.data()), EntryAt(10));
  const std::string third = ReadWholeFile(FilePath(2));
  EXPECT_EQ(third.substr(100), std::string(100, '\0'));
}

TEST_F(FileConsumeQueueTest, ReadsAcrossFileEnds) {
  Put(0, 25);
  std::vector<QueueEntry> entries(40);
  const auto got = queue_->Get(3, entries);
  ASSERT_TRUE(got.ok());
  ASSERT_EQ(*got, 22U);
  for (std::int64_t n = 0; n < 22; ++n) {
    EXPECT_EQ(entries[static_cast<std::size_t>(n)], EntryAt(3 + n));
  }
}

TEST_F(FileConsumeQueueTest, IgnoresRecordsThatAreIndexedAlready) {
  Put(0, 12);
  Put(0, 15);
  EXPECT_EQ(queue_->end(), 15);
  for (std::int64_t n = 0; n < 15; ++n) EXPECT_EQ(At(n), EntryAt(n));
}

TEST_F(FileConsumeQueueTest, FillsTheFirstFileUpToItsFirstEntry) {
  Put(13, 15);
  EXPECT_EQ(queue_->begin(), 13);
  EXPECT_EQ(queue_->end(), 15);
  const std::string file = ReadWholeFile(FilePath(1));
  EXPECT_TRUE(DecodeUnit(file.data()).filler());
  EXPECT_TRUE(DecodeUnit(file.data() + 40).filler());
  EXPECT_EQ(DecodeUnit(file.data() + 60), EntryAt(13));
  ASSERT_TRUE(Load());
  EXPECT_EQ(queue_->begin(), 13);
  EXPECT_EQ(queue_->end(), 15);
}

TEST_F(FileConsumeQueueTest, KeepsThePlaceOfSkippedOffsets) {
  Put(0, 3);
  queue_->Add(5, EntryAt(5));
  ASSERT_TRUE(queue_->Publish().ok());
  EXPECT_TRUE(At(3).filler());
  EXPECT_TRUE(At(4).filler());
  EXPECT_EQ(At(5), EntryAt(5));
  ASSERT_TRUE(Load());
  EXPECT_EQ(queue_->end(), 6);
}

TEST_F(FileConsumeQueueTest, ARecordThatLiesAboutItsOffsetCostsOnlyItself) {
  Put(0, 2);
  queue_->Add(6, EntryAt(2));  // should have been 2
  for (std::int64_t n = 3; n < 9; ++n) queue_->Add(n, EntryAt(n));
  ASSERT_TRUE(queue_->Publish().ok());
  EXPECT_TRUE(At(2).filler());
  for (const std::int64_t n : {0, 1, 3, 4, 5, 6, 7, 8}) EXPECT_EQ(At(n), EntryAt(n));
  queue_->Add(std::int64_t{1} << 50, EntryAt(9));  // no appender gave that
  queue_->Add(4, EntryAt(10));                     // nor that again
  queue_->Add(11, EntryAt(11));
  ASSERT_TRUE(queue_->Publish().ok());
  EXPECT_EQ(queue_->end(), 12);
  EXPECT_EQ(At(4), EntryAt(4));
  EXPECT_EQ(At(11), EntryAt(11));
}

TEST_F(FileConsumeQueueTest, AFirstRecordThatLiesDoesNotHideTheRest) {
  queue_->KnownTo(9);
  queue_->Add(1 << 20, EntryAt(0));
  ASSERT_TRUE(queue_->Publish().ok());
  Put(1, 5);
  EXPECT_EQ(queue_->begin(), 1);
  EXPECT_EQ(queue_->end(), 5);
  EXPECT_EQ(At(4), EntryAt(4));
  EXPECT_EQ(queue_->known_to(), 9);
}

TEST_F(FileConsumeQueueTest, StartsAgainWhenTheTopicWasMadeAnew) {
  queue_->KnownTo(40);
  Put(0, 25);
  queue_->Add(0, EntryAt(100));
  queue_->Add(1, EntryAt(101));
  ASSERT_TRUE(queue_->Publish().ok());
  EXPECT_EQ(queue_->begin(), 0);
  EXPECT_EQ(queue_->end(), 2);
  EXPECT_EQ(At(0), EntryAt(100));
  EXPECT_EQ(FileCount(), 1U);
  EXPECT_EQ(queue_->known_to(), 0);
  ASSERT_TRUE(Load());
  EXPECT_EQ(queue_->end(), 2);
}

TEST_F(FileConsumeQueueTest, ShowsNothingOfAFailedWriteAndTriesAgain) {
  Put(0, 2);
  fs_.fail_writes = true;
  queue_->Add(2, EntryAt(2));
  const Status failed = queue_->Publish();
  EXPECT_EQ(failed.code(), Status::Code::kFull);
  EXPECT_EQ(queue_->end(), 2);
  fs_.fail_writes = false;
  ASSERT_TRUE(queue_->Publish().ok());
  EXPECT_EQ(queue_->end(), 3);
  EXPECT_EQ(At(2), EntryAt(2));
}

TEST_F(FileConsumeQueueTest, AFailedFirstWriteLeavesNoHalfFilledFile) {
  fs_.fail_writes = true;
  queue_->Add(17, EntryAt(17));
  EXPECT_FALSE(queue_->Publish().ok());
  fs_.fail_writes = false;
  ASSERT_TRUE(queue_->Publish().ok());
  ASSERT_TRUE(Load());
  EXPECT_EQ(queue_->begin(), 17);
  EXPECT_EQ(At(17), EntryAt(17));
}

TEST_F(FileConsumeQueueTest, ReportsAFailedSyncUntilItSucceeds) {
  Put(0, 2);
  const auto sync = [this] {
    const std::size_t syncs = queue_->BeginSync();
    const bool synced = queue_->SyncBegun().ok();
    queue_->EndSync(synced);
    return std::pair(syncs, synced);
  };
  fs_.fail_syncs = true;
  EXPECT_EQ(sync(), std::pair(std::size_t{3}, false));  // the file and two directories
  EXPECT_EQ(sync(), std::pair(std::size_t{3}, false));
  fs_.fail_syncs = false;
  EXPECT_EQ(sync(), std::pair(std::size_t{3}, true));
  EXPECT_EQ(sync(), std::pair(std::size_t{0}, true));
}

TEST_F(FileConsumeQueueTest, FindsItsBoundsWhenOpened) {
  for (const std::int64_t count : {1, 9, 10, 11, 20, 38}) {
    ASSERT_TRUE(queue_->Delete(0).ok());
    Reopen();
    Put(0, count);
    ASSERT_TRUE(Load());
    EXPECT_EQ(queue_->begin(), 0);
    EXPECT_EQ(queue_->end(), count);
    EXPECT_EQ(queue_->log_end(), (count - 1) * 1000 + kRecordBytes);
  }
}

TEST_F(FileConsumeQueueTest, FindsTheEndOfALongFile) {
  for (const std::int64_t count : {203, 204, 205, 5000, 300000}) {
    TempDirectory directory;
    FileConsumeQueue queue(files_, directory / "T/0", 6'000'000);
    for (std::int64_t n = 0; n < count; ++n) queue.Add(n, EntryAt(n));
    ASSERT_TRUE(queue.Publish().ok());
    FileConsumeQueue again(files_, directory / "T/0", 6'000'000);
    QueueTrust trust;
    ASSERT_TRUE(*again.Load(&trust));
    EXPECT_EQ(again.end(), count);
  }
}

TEST_F(FileConsumeQueueTest, CutsAtADamagedEntryAndForgetsWhatFollows) {
  Put(0, 35);
  Overwrite(FilePath(1), 3 * 20, std::string(1, '\x7f'));  // entry 13 points far ahead
  EXPECT_FALSE(Load());
  EXPECT_EQ(queue_->end(), 13);
  Put(0, 35);
  for (std::int64_t n = 0; n < 35; ++n) EXPECT_EQ(At(n), EntryAt(n));
}

TEST_F(FileConsumeQueueTest, CutsAtAHole) {
  Put(0, 35);
  Overwrite(FilePath(1), 3 * 20, std::string(40, '\0'));
  EXPECT_FALSE(Load());
  EXPECT_EQ(queue_->end(), 13);
  EXPECT_EQ(queue_->log_end(), 12 * 1000 + kRecordBytes);
  EXPECT_EQ(FileCount(), 2U);
  EXPECT_EQ(ReadWholeFile(FilePath(1)).substr(60), std::string(140, '\0'));
  Put(13, 35);
  for (std::int64_t n = 0; n < 35; ++n) EXPECT_EQ(At(n), EntryAt(n));
}

TEST_F(FileConsumeQueueTest, RemovesFilesOfAWrongSizeOrPlace) {
  Put(0, 35);
  std::filesystem::resize_file(FilePath(2), 77);
  EXPECT_FALSE(Load());
  EXPECT_EQ(queue_->end(), 20);
  EXPECT_EQ(FileCount(), 2U);
  Put(20, 35);
  queue_.reset();
  std::filesystem::remove(FilePath(1));
  EXPECT_FALSE(Load());
  EXPECT_EQ(queue_->end(), 10);
}

TEST_F(FileConsumeQueueTest, AnEmptyLastFileIsNoDamage) {
  Put(0, 20);
  { std::ofstream made(FilePath(2)); }
  EXPECT_TRUE(Load());
  EXPECT_EQ(queue_->end(), 20);
}

TEST_F(FileConsumeQueueTest, WithoutBudgetBelievesWhatWasSyncedAndChecksTheRest) {
  TempDirectory directory;
  constexpr std::int64_t kEntries = 10000;
  const std::string file = directory / "T/0/00000000000000000000";
  {
    FileConsumeQueue queue(files_, directory / "T/0", 6'000'000);
    for (std::int64_t n = 0; n < kEntries; ++n) queue.Add(n, EntryAt(n));
    ASSERT_TRUE(queue.Publish().ok());
  }
  Overwrite(file, 5001 * 20, std::string(20, '\0'));
  const auto load = [&](std::int64_t trusted_to) {
    FileConsumeQueue queue(files_, directory / "T/0", 6'000'000);
    QueueTrust trust{true, trusted_to, 0};
    EXPECT_TRUE(queue.Load(&trust).ok());
    return queue.end();
  };
  EXPECT_EQ(load(9000 * 1000), kEntries);
  EXPECT_EQ(load(4000 * 1000), 5001);
}

TEST_F(FileConsumeQueueTest, TruncateForgetsRecordsThatDoNotEndBefore) {
  Put(0, 35);
  ASSERT_TRUE(queue_->TruncateAfter(22 * 1000 + kRecordBytes).ok());  // record 22 is whole
  EXPECT_EQ(queue_->end(), 23);
  ASSERT_TRUE(queue_->TruncateAfter(22 * 1000 + kRecordBytes - 1).ok());  // and now it is not
  EXPECT_EQ(queue_->end(), 22);
  EXPECT_EQ(queue_->log_end(), 21 * 1000 + kRecordBytes);
  ASSERT_TRUE(Load());
  EXPECT_EQ(queue_->end(), 22);
  Put(22, 24);
  EXPECT_EQ(At(23), EntryAt(23));
}

TEST_F(FileConsumeQueueTest, TruncateCanEmptyTheQueueAndKeepsItsPlace) {
  Put(13, 35);
  ASSERT_TRUE(queue_->TruncateAfter(5).ok());
  EXPECT_EQ(queue_->begin(), 13);
  EXPECT_EQ(queue_->end(), 13);
  Put(13, 15);
  EXPECT_EQ(queue_->end(), 15);
  EXPECT_EQ(At(13), EntryAt(13));
}

TEST_F(FileConsumeQueueTest, FollowsTheLogsBeginAndKeepsTheLastFile) {
  Put(0, 35);
  ASSERT_TRUE(queue_->DropBefore(12 * 1000).ok());
  EXPECT_EQ(queue_->begin(), 12);
  EXPECT_FALSE(std::filesystem::exists(FilePath(0)));
  ASSERT_TRUE(queue_->DropBefore(1'000'000).ok());
  EXPECT_EQ(queue_->begin(), 35);
  EXPECT_EQ(queue_->end(), 35);
  EXPECT_EQ(FileCount(), 1U);
  Put(35, 37);
  EXPECT_EQ(queue_->begin(), 35);
  EXPECT_EQ(At(35), EntryAt(35));
}

TEST_F(FileConsumeQueueTest, NeverKeepsMoreFilesOpenThanAllowed) {
  Put(0, 100);
  for (std::int64_t n = 0; n < 100; ++n) EXPECT_EQ(At(n), EntryAt(n));
  EXPECT_LE(files_.open(), 4U);
}

}  // namespace
}  // namespace comet::store
