#include "store/queue_table.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"
#include "test/store/faulty_file_system.h"

namespace comet::store {
namespace {

class QueueTableTest : public testing::Test {
 protected:
  std::unique_ptr<QueueTable> Open() {
    QueueTableOptions options;
    options.directory = directory_ / "consumequeue";
    options.file_bytes = 2000;
    options.open_files_max = 16;
    auto table = QueueTable::Open(fs_, options);
    EXPECT_TRUE(table.ok()) << table.error().message();
    return table.Take();
  }
  static void Put(QueueTable& table, const std::string& topic, std::int32_t id, std::int64_t count,
                  std::int64_t log_offset) {
    ConsumeQueue& queue = table.FindOrCreate(topic, id)->queue();
    for (std::int64_t n = 0; n < count; ++n) queue.Add(n, {log_offset + n * 10000, 100, 1});
    ASSERT_TRUE(queue.Publish().ok());
  }

  static Status Delete(QueueTable& table, const std::string& topic, std::int64_t log_offset = 1e6) {
    return table.DeleteTopics(std::span(&topic, 1), log_offset);
  }

  TempDirectory directory_;
  PosixFileSystem fs_;
};

TEST_F(QueueTableTest, FindsWhatWasCreatedAndNothingElse) {
  const auto table = Open();
  EXPECT_EQ(table->Find("a", 0), nullptr);
  QueueSlot* slot = table->FindOrCreate("a", 0);
  EXPECT_EQ(table->Find("a", 0), slot);
  EXPECT_EQ(table->FindOrCreate("a", 0), slot);
  EXPECT_EQ(table->Find("a", 1), nullptr);
  EXPECT_EQ(table->Find("b", 0), nullptr);
  EXPECT_EQ(slot->topic(), "a");
}

TEST_F(QueueTableTest, SlotsStayWhereTheyAreWhileTheTableGrows) {
  const auto table = Open();
  QueueSlot* first = table->FindOrCreate("first", 7);
  std::vector<QueueSlot*> slots;
  for (int n = 0; n < 10000; ++n)
    slots.push_back(table->FindOrCreate("t" + std::to_string(n), n % 4));
  EXPECT_EQ(table->size(), 10001U);
  EXPECT_EQ(table->Find("first", 7), first);
  for (int n = 0; n < 10000; ++n) {
    EXPECT_EQ(table->Find("t" + std::to_string(n), n % 4), slots[static_cast<std::size_t>(n)]);
  }
}

TEST_F(QueueTableTest, IsSearchedWhileItGrows) {
  const auto table = Open();
  std::atomic<int> made = 0;
  std::atomic<bool> wrong = false;
  std::thread reader([&] {
    for (int n = 0; n < 5000;) {
      if (n >= made.load()) continue;
      if (table->Find("topic" + std::to_string(n), 0) == nullptr) wrong = true;
      ++n;
    }
  });
  for (int n = 0; n < 5000; ++n) {
    table->FindOrCreate("topic" + std::to_string(n), 0);
    made.store(n + 1);
  }
  reader.join();
  EXPECT_FALSE(wrong);
}

TEST_F(QueueTableTest, OpensTheQueuesOnDisk) {
  {
    const auto table = Open();
    Put(*table, "a", 0, 5, 0);
    Put(*table, "%RETRY%g", 3, 250, 1);
  }
  std::filesystem::create_directories(directory_ / "consumequeue/a/notAQueue");
  { std::ofstream stray(directory_ / "consumequeue/stray"); }
  const auto table = Open();
  ASSERT_NE(table->Find("a", 0), nullptr);
  ASSERT_NE(table->Find("%RETRY%g", 3), nullptr);
  EXPECT_EQ(table->Find("a", 0)->queue().end(), 5);
  EXPECT_EQ(table->on_disk().queues, 2U);
  EXPECT_EQ(table->on_disk().damaged, 0U);
  EXPECT_EQ(table->on_disk().rebuild_from, -1);
  EXPECT_EQ(table->on_disk().log_end, 1 + 249 * 10000 + 100);
  table->InitNextOffsets();
  EXPECT_EQ(table->Find("%RETRY%g", 3)->next_offset, 250);
}

TEST_F(QueueTableTest, NoticesQueuesThatAreMissingOrShorterThanRemembered) {
  {
    const auto table = Open();
    Put(*table, "a", 0, 5, 0);
    Put(*table, "a", 1, 6, 1);
    Put(*table, "b", 0, 7, 2);
    ASSERT_TRUE(table->Sync().ok());
    ASSERT_TRUE(table->SaveEnds().ok());
  }
  std::filesystem::remove_all(directory_ / "consumequeue/a/1");
  Overwrite(directory_ / "consumequeue/b/0/00000000000000000000", 100, std::string(100, '\0'));
  const auto table = Open();
  EXPECT_EQ(table->on_disk().damaged, 2U);
  EXPECT_EQ(table->on_disk().rebuild_from, 0);
  table->InitNextOffsets();
  EXPECT_EQ(table->Find("a", 0)->next_offset, 5);
  EXPECT_EQ(table->Find("a", 1)->next_offset, 6);  // not given away again
  EXPECT_EQ(table->Find("b", 0)->next_offset, 7);
}

TEST_F(QueueTableTest, SyncsVeryManyQueuesAtOnce) {
  const auto table = Open();
  for (int n = 0; n < 100; ++n) Put(*table, "t" + std::to_string(n), 0, 1, n);
  EXPECT_TRUE(table->Sync().ok());
  table->ForEach([](QueueSlot& slot) { EXPECT_EQ(slot.queue().BeginSync(), 0U); });
}

TEST_F(QueueTableTest, ADamagedListOfEndsIsNoReasonToStop) {
  {
    const auto table = Open();
    Put(*table, "a", 0, 5, 0);
    ASSERT_TRUE(table->SaveEnds().ok());
  }
  Overwrite(directory_ / "consumequeue_ends", 4, "9");
  EXPECT_EQ(Open()->on_disk().damaged, 0U);
}

TEST_F(QueueTableTest, ADeletedTopicIsGoneAfterARestart) {
  {
    const auto table = Open();
    Put(*table, "a", 0, 5, 0);
    Put(*table, "b", 0, 5, 1);
    ASSERT_TRUE(table->SaveEnds().ok());
    ASSERT_TRUE(Delete(*table, "a").ok());
    EXPECT_EQ(table->Find("a", 0)->queue().end(), 0);
    EXPECT_FALSE(std::filesystem::exists(directory_ / "consumequeue/a"));
    EXPECT_TRUE(table->Sync().ok());  // looks for nothing that is gone
  }
  const auto table = Open();
  EXPECT_EQ(table->Find("a", 0), nullptr);
  EXPECT_EQ(table->on_disk().damaged, 0U);
  EXPECT_EQ(table->Find("b", 0)->queue().end(), 5);
}

TEST_F(QueueTableTest, ADeletedTopicNeedsNoSync) {
  const auto table = Open();
  Put(*table, "a", 0, 5, 0);
  ASSERT_TRUE(Delete(*table, "a").ok());
  const auto synced = table->Sync();
  EXPECT_TRUE(synced.ok()) << synced.ToString();
}

TEST_F(QueueTableTest, ATopicMayBeDeletedWhileItIsSynced) {
  const auto table = Open();
  Put(*table, "a", 0, 5, 0);
  auto& queue = table->Find("a", 0)->queue();
  ASSERT_GT(queue.BeginSync(), 0U);
  ASSERT_TRUE(Delete(*table, "a").ok());
  const auto synced = queue.SyncBegun();
  EXPECT_TRUE(synced.ok()) << synced.ToString();
  queue.EndSync(true);
}

TEST_F(QueueTableTest, ATopicMayBeDeletedAtAnyStepOfASync) {
  bool deleted = true;
  for (int step = 0; deleted; ++step) {
    SCOPED_TRACE(step);
    FaultyFileSystem fs(fs_);
    QueueTableOptions options;
    options.directory = directory_ / "step" + std::to_string(step);
    auto table = QueueTable::Open(fs, options);
    ASSERT_TRUE(table.ok());
    for (const char* topic : {"a", "b"}) {
      for (int id = 0; id < 2; ++id) Put(**table, topic, id, 5, id);
    }
    deleted = false;
    fs.before_sync = [&, countdown = step]() mutable {
      if (countdown-- != 0) return;
      const auto done = std::exchange(fs.before_sync, nullptr);
      deleted = Delete(**table, "a").ok();
      if (step % 2 == 0) Put(**table, "a", 0, 3, 2'000'000);  // and made anew
    };
    const auto synced = (*table)->Sync();
    EXPECT_TRUE(synced.ok()) << synced.ToString();
    EXPECT_EQ(deleted, step < 13);  // the root; a file and two directories of each queue
    fs.before_sync = nullptr;
    const auto again = (*table)->Sync();
    EXPECT_TRUE(again.ok()) << again.ToString();
  }
}

TEST_F(QueueTableTest, WhatWasDeletedIsNotIndexedAgain) {
  for (int start = 0; start < 3; ++start) {
    const auto table = Open();
    if (start == 0) {
      Put(*table, "a", 0, 5, 0);
      ASSERT_TRUE(Delete(*table, "a", 50'000).ok());
    }
    Put(*table, "a", 0, 5, 0);  // as a start does that reads the log again
    EXPECT_EQ(table->Find("a", 0)->queue().end(), 0);
    EXPECT_EQ(table->Find("a", 0)->queue().log_end(), 50'000);
    if (start == 1) std::filesystem::remove_all(directory_ / "consumequeue");
  }
  const auto table = Open();
  Put(*table, "a", 0, 2, 50'000);
  EXPECT_EQ(table->Find("a", 0)->queue().end(), 2);
}

TEST_F(QueueTableTest, OnlyTopicsWithQueuesAreRememberedAsDeleted) {
  const auto table = Open();
  for (const char* name : {"never", "neither"}) ASSERT_TRUE(Delete(*table, name).ok());
  EXPECT_FALSE(std::filesystem::exists(directory_ / "consumequeue_deleted"));
}

TEST_F(QueueTableTest, FilesOfADeletedTopicThatAreBackAreRemoved) {
  {
    const auto table = Open();
    Put(*table, "a", 0, 5, 0);
    ASSERT_TRUE(Delete(*table, "a", 50'000).ok());
  }
  const std::string lines = ReadWholeFile(directory_ / "consumequeue_deleted");
  std::filesystem::remove(directory_ / "consumequeue_deleted");
  Put(*Open(), "a", 0, 5, 0);
  { std::ofstream(directory_ / "consumequeue_deleted") << lines; }
  const auto table = Open();
  EXPECT_EQ(table->Find("a", 0)->queue().end(), 0);
  EXPECT_EQ(table->on_disk().rebuild_from, 50'000);  // what else was in them
}

TEST_F(QueueTableTest, DeletedTopicsFollowTheLogAtBothEnds) {
  {
    const auto table = Open();
    Put(*table, "a", 0, 5, 0);
    ASSERT_TRUE(Delete(*table, "a", 50'000).ok());
    ASSERT_TRUE(table->TruncateAfter(30'000).ok());
    // The log goes on where it was cut.
    Put(*table, "a", 0, 1, 30'000);
    EXPECT_EQ(table->Find("a", 0)->queue().end(), 1);
  }
  const auto table = Open();
  EXPECT_EQ(table->Find("a", 0)->queue().end(), 1);
  EXPECT_NE(ReadWholeFile(directory_ / "consumequeue_deleted").find("30000 a"), std::string::npos);
  ASSERT_TRUE(table->DropBefore(30'000).ok());
  EXPECT_EQ(ReadWholeFile(directory_ / "consumequeue_deleted").find(" a\n"), std::string::npos);
}

TEST_F(QueueTableTest, FollowsTheLogAtBothEnds) {
  const auto table = Open();
  Put(*table, "a", 0, 250, 0);
  Put(*table, "b", 0, 250, 5);
  ASSERT_TRUE(table->TruncateAfter(200 * 10000).ok());
  ASSERT_TRUE(table->DropBefore(150 * 10000).ok());
  for (const char* topic : {"a", "b"}) {
    EXPECT_EQ(table->Find(topic, 0)->queue().begin(), 150);
    EXPECT_EQ(table->Find(topic, 0)->queue().end(), 200);
  }
}

TEST_F(QueueTableTest, AnEntryThatPointsBehindTheLogIsDispatchedAgain) {
  {
    const auto table = Open();
    Put(*table, "a", 0, 5, 0);
  }
  Overwrite(directory_ / "consumequeue/a/0/00000000000000000000", 4 * 20, std::string(1, '\x01'));
  const auto table = Open();
  EXPECT_EQ(table->on_disk().rebuild_from, -1);
  ASSERT_TRUE(table->TruncateAfter(50000).ok());
  EXPECT_EQ(table->on_disk().rebuild_from, 3 * 10000 + 100);
  EXPECT_EQ(table->Find("a", 0)->queue().end(), 4);
}

TEST_F(QueueTableTest, WhatIsDispatchedAgainAnywayIsNoDamage) {
  const auto table = Open();
  Put(*table, "a", 0, 5, 0);
  ASSERT_TRUE(table->ForgetAfter(40000).ok());
  EXPECT_EQ(table->Find("a", 0)->queue().end(), 4);
  EXPECT_EQ(table->on_disk().rebuild_from, -1);
}

}  // namespace
}  // namespace comet::store
