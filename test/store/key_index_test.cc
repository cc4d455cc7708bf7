#include "store/key_index.h"

#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "remoting/base/limits.h"
#include "remoting/base/posix_file_system.h"
#include "store/key_hashes.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"
#include "test/store/faulty_file_system.h"

namespace comet::store {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max() / 2;
constexpr std::int64_t kStartMs = 1'700'000'000'000;

class KeyIndexTest : public testing::Test {
 protected:
  KeyIndexTest() { Reopen(); }

  void Reopen(bool after_crash = false) {
    index_.reset();
    KeyIndexOptions options{directory_ / "index", 10, 20};
    options.after_crash = after_crash;
    auto opened = KeyIndex::Open(fs_, clock_, options);
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    index_ = opened.Take();
  }
  // Message n has the keys a<n> and b<n%3>.
  static std::vector<IndexedKey> KeysOf(std::int64_t n) {
    const std::int64_t at = n * 1000, ms = kStartMs + n * 500;
    return {{IndexKeyHash("T", "a" + std::to_string(n)), at, ms},
            {IndexKeyHash("T", "b" + std::to_string(n % 3)), at, ms}};
  }
  Status Put(std::int64_t from, std::int64_t to) {
    std::vector<IndexedKey> keys;
    for (std::int64_t n = from; n < to; ++n) {
      for (const IndexedKey& key : KeysOf(n)) keys.push_back(key);
    }
    return index_->Append(keys);
  }
  std::vector<std::int64_t> Find(const std::string& key, std::int64_t begin_ms = 0,
                                 std::int64_t end_ms = kEver, std::size_t max = 1000) {
    const auto found = index_->Find("T", key, begin_ms, end_ms, max);
    EXPECT_TRUE(found.ok());
    return found.ok() ? found->log_offsets : std::vector<std::int64_t>{};
  }
  void ExpectAll(std::int64_t count) {
    for (std::int64_t n = 0; n < count; ++n) {
      EXPECT_EQ(Find("a" + std::to_string(n)), std::vector<std::int64_t>{n * 1000}) << n;
    }
    for (std::int64_t b = 0; b < 3; ++b) {
      std::vector<std::int64_t> expected;
      for (std::int64_t n = count - 1; n >= 0; --n) {
        if (n % 3 == b) expected.push_back(n * 1000);
      }
      EXPECT_EQ(Find("b" + std::to_string(b)), expected);
    }
  }
  std::vector<std::string> Paths() const {
    std::vector<std::string> paths;
    for (const auto& file : std::filesystem::directory_iterator(directory_ / "index")) {
      paths.push_back(file.path().string());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  TempDirectory directory_;
  ManualClock clock_{kStartMs};
  PosixFileSystem real_;
  FaultyFileSystem fs_{real_};
  std::unique_ptr<KeyIndex> index_;
};

TEST_F(KeyIndexTest, OnlySoManyKeysOfAMessageCount) {
  std::string keys;
  for (int i = 0; i < 16'000; ++i) keys += "k ";
  EXPECT_EQ(HashKeys("T", "unique", keys).all().size(), 1 + limits::kIndexKeysPerMessageMax);
}

TEST_F(KeyIndexTest, AnUnusedIndexHasNoFile) {
  EXPECT_TRUE(Find("a0").empty());
  EXPECT_FALSE(std::filesystem::exists(directory_ / "index"));
  EXPECT_EQ(index_->indexed_to(), -1);
  EXPECT_TRUE(index_->TruncateAfter(0).ok());
  EXPECT_TRUE(index_->Flush(true).ok());
}

TEST_F(KeyIndexTest, FindsAMessageByEachOfItsKeysNewestFirst) {
  ASSERT_TRUE(Put(0, 30).ok());
  ExpectAll(30);
  EXPECT_TRUE(Find("a30").empty());
  EXPECT_EQ(index_->indexed_to(), 29000);
  EXPECT_GE(index_->files(), 4U);
}

TEST_F(KeyIndexTest, FindsOnlyWithinTheTimeAndAtMostSoMany) {
  ASSERT_TRUE(Put(0, 30).ok());
  EXPECT_EQ(Find("b0", 0, kEver, 2), (std::vector<std::int64_t>{27000, 24000}));
  // Times are kept in whole seconds, so up to one second more is found.
  for (const std::int64_t n : Find("b0", kStartMs + 12 * 500, kStartMs + 20 * 500)) {
    EXPECT_GE(n, 9000);
    EXPECT_LE(n, 21000);
  }
  EXPECT_EQ(Find("a12", kStartMs + 12 * 500, kStartMs + 12 * 500).size(), 1U);
  EXPECT_TRUE(Find("a12", 0, kStartMs).empty());
  EXPECT_TRUE(Find("a12", kStartMs + 20 * 500, kEver).empty());
}

TEST_F(KeyIndexTest, ReplayingTheLogAddsNothingTwice) {
  ASSERT_TRUE(Put(0, 15).ok());
  ASSERT_TRUE(Put(0, 15).ok());
  ASSERT_TRUE(Put(14, 20).ok());
  ExpectAll(20);
}

TEST_F(KeyIndexTest, SurvivesAnOrderlyRestart) {
  ASSERT_TRUE(Put(0, 30).ok());
  ASSERT_TRUE(index_->Flush(true).ok());
  Reopen();
  EXPECT_EQ(index_->damaged_files(), 0U);
  EXPECT_EQ(index_->indexed_to(), 29000);
  EXPECT_EQ(index_->indexed_to_ms(), kStartMs + 29 * 500);
  ExpectAll(30);
  ASSERT_TRUE(Put(30, 40).ok());
  ExpectAll(40);
}

TEST_F(KeyIndexTest, AfterACrashIsBroughtUpByReplayFromWhereItStood) {
  for (const std::int64_t flushed : {0, 1, 4, 9, 10, 13, 25}) {
    index_.reset();
    std::filesystem::remove_all(directory_ / "index");
    Reopen();
    ASSERT_TRUE(Put(0, flushed).ok());
    ASSERT_TRUE(index_->Flush(flushed % 2 == 0).ok());
    ASSERT_TRUE(Put(flushed, 33).ok());
    Reopen(true);  // entries are in the files, counters and slots are not
    EXPECT_EQ(index_->indexed_to(), flushed == 0 ? -1 : (flushed - 1) * 1000);
    ASSERT_TRUE(Put(std::max<std::int64_t>(flushed - 1, 0), 33).ok());
    ExpectAll(33);
    ASSERT_TRUE(index_->Flush(true).ok());
    Reopen();
    EXPECT_EQ(index_->damaged_files(), 0U) << flushed;
    ExpectAll(33);
  }
}

TEST_F(KeyIndexTest, SlotsAreWrittenWhenTheFileIsFullOrAllIsToBeWhole) {
  const auto slots_of = [](const std::string& path) {
    const std::string slots = ReadWholeFile(path).substr(IndexHeader::kBytes, 10 * 4);
    return std::count_if(slots.begin(), slots.end(), [](char c) { return c != 0; });
  };
  ASSERT_TRUE(Put(0, 5).ok());
  ASSERT_TRUE(index_->Flush(false).ok());
  EXPECT_EQ(slots_of(Paths()[0]), 0);
  EXPECT_EQ(index_->whole_to_ms(), 0);
  ASSERT_TRUE(Put(5, 12).ok());
  ASSERT_TRUE(index_->Flush(false).ok());
  ASSERT_EQ(Paths().size(), 2U);
  EXPECT_GT(slots_of(Paths()[0]), 0);
  EXPECT_EQ(slots_of(Paths()[1]), 0);
  EXPECT_EQ(index_->whole_to_ms(), kStartMs + 9 * 500);
  ASSERT_TRUE(index_->Flush(true).ok());
  EXPECT_GT(slots_of(Paths()[1]), 0);
  EXPECT_EQ(index_->whole_to_ms(), kStartMs + 11 * 500);
  Reopen();
  EXPECT_EQ(index_->damaged_files(), 0U);
  ExpectAll(12);
}

// What Apache's broker keeps after a kill: files that end by the checkpoint's time, with the
// entries that their headers count. It indexes what comes behind the end of the newest of them.
TEST_F(KeyIndexTest, ApachesBrokerLacksNothingAndHasNothingTwiceAfterAKill) {
  struct Case {
    std::int64_t at_once;  // messages of one millisecond
    bool whole;            // was the flush, as the first one after a start is
  };
  for (const Case& each : {Case{1, false}, Case{1, true}, Case{4, false}, Case{4, true}}) {
    const auto put = [&](std::int64_t from, std::int64_t to) {
      std::vector<IndexedKey> keys;
      for (std::int64_t n = from; n < to; ++n) {
        for (IndexedKey key : KeysOf(n)) {
          key.store_ms = kStartMs + n / each.at_once;
          keys.push_back(key);
        }
      }
      ASSERT_TRUE(index_->Append(keys).ok());
    };
    for (std::int64_t flushed = 0; flushed <= 22; ++flushed) {
      for (std::int64_t killed = std::max<std::int64_t>(flushed, 1); killed <= 32; ++killed) {
        SCOPED_TRACE(testing::Message() << each.at_once << " at once, " << flushed << " of "
                                        << killed << " flushed" << (each.whole ? " whole" : ""));
        index_.reset();
        std::filesystem::remove_all(directory_ / "index");
        Reopen();
        put(0, flushed);
        ASSERT_TRUE(index_->Flush(each.whole).ok());
        const std::int64_t checkpoint_ms = index_->whole_to_ms();
        put(flushed, killed);

        std::int64_t end = 0;
        std::map<std::int64_t, int> keys_at;
        for (const std::string& path : Paths()) {
          const std::string bytes = ReadWholeFile(path);
          const IndexHeader header = IndexHeader::Decode(bytes.data());
          if (header.end_ms > checkpoint_ms) continue;
          end = header.end_log_offset;
          for (std::int32_t number = 1; number < header.count; ++number) {
            const auto at = IndexHeader::kBytes + 10 * 4 + number * IndexEntry::kBytes;
            ++keys_at[IndexEntry::Decode(bytes.data() + at).log_offset];
          }
          const std::string_view slots = std::string_view(bytes).substr(IndexHeader::kBytes, 40);
          EXPECT_EQ(slots.find_first_not_of('\0') != slots.npos, header.count > 1) << path;
        }
        for (std::int64_t at = 0; at < end; at += 1000) ASSERT_EQ(keys_at[at], 2) << at;
        EXPECT_LE(keys_at.empty() ? 0 : keys_at.rbegin()->first, end);
      }
    }
  }
}

TEST_F(KeyIndexTest, AFileThatCannotBeMadeDoesNotStayBehind) {
  ASSERT_TRUE(Put(0, 9).ok());
  const auto keys = KeysOf(9);
  ASSERT_TRUE(index_->Append(std::span(keys).first(1)).ok());  // the file is full
  fs_.fail_writes = true;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(index_->Append(KeysOf(10)).ok());
  fs_.fail_writes = false;
  EXPECT_EQ(Paths().size(), 1U);
  ASSERT_TRUE(Put(9, 20).ok());
  ExpectAll(20);
  ASSERT_TRUE(index_->Flush(true).ok());
  Reopen();
  EXPECT_EQ(index_->damaged_files(), 0U);
  ExpectAll(20);
}

TEST_F(KeyIndexTest, AMessageWhoseKeysWereHalfWrittenGetsTheOtherHalf) {
  ASSERT_TRUE(Put(0, 9).ok());  // 18 of 19 entries
  ASSERT_TRUE(index_->Flush(true).ok());
  const auto keys = KeysOf(9);
  ASSERT_TRUE(index_->Append(std::span(keys).first(1)).ok());
  ASSERT_TRUE(index_->Flush(true).ok());
  Reopen(true);
  ASSERT_TRUE(Put(0, 12).ok());
  ExpectAll(12);
}

TEST_F(KeyIndexTest, AFailedWriteIsMadeUpForByTheNextCall) {
  ASSERT_TRUE(Put(0, 3).ok());
  fs_.fail_writes = true;
  EXPECT_FALSE(Put(3, 8).ok());
  EXPECT_EQ(index_->indexed_to(), 2000);
  EXPECT_TRUE(Find("a5").empty());
  fs_.fail_writes = false;
  ASSERT_TRUE(Put(3, 8).ok());
  ExpectAll(8);
}

TEST_F(KeyIndexTest, AFailedSyncIsReportedAndFlushedAgain) {
  ASSERT_TRUE(Put(0, 8).ok());
  fs_.fail_syncs = true;
  EXPECT_FALSE(index_->Flush(true).ok());
  fs_.fail_syncs = false;
  ASSERT_TRUE(index_->Flush(true).ok());
  Reopen();
  EXPECT_EQ(index_->damaged_files(), 0U);
  ExpectAll(8);
}

TEST_F(KeyIndexTest, DamagedFilesGoWithAllNewerOnes) {
  ASSERT_TRUE(Put(0, 40).ok());
  ASSERT_TRUE(index_->Flush(true).ok());
  const auto paths = Paths();
  ASSERT_EQ(paths.size(), 5U);
  struct Damage {
    std::int64_t position;
    const char* what;
  };
  for (const auto& [position, what] :
       {Damage{36, "counter"}, Damage{44, "slot"}, Damage{80 + 20 * 7, "hash"},
        Damage{80 + 20 * 7 + 6, "log offset"}, Damage{80 + 20 * 7 + 18, "chain"}}) {
    index_.reset();
    const std::string before = ReadWholeFile(paths[2]);
    Overwrite(paths[2], position,
              std::string(1, static_cast<char>(before[static_cast<std::size_t>(position)] ^ 0x11)));
    Reopen();
    EXPECT_EQ(index_->damaged_files(), 3U) << what;
    EXPECT_EQ(Paths().size(), 2U);
    EXPECT_LT(index_->indexed_to(), 20000);
    ASSERT_TRUE(Put(index_->indexed_to() / 1000, 40).ok());
    ExpectAll(40);
    ASSERT_TRUE(index_->Flush(true).ok());
    // The new files have other names; put the old ones back in place for the next round.
    index_.reset();
    const auto now = Paths();
    for (std::size_t n = 0; n < paths.size(); ++n) std::filesystem::rename(now[n], paths[n]);
  }
}

TEST_F(KeyIndexTest, FilesOfAWrongSizeAreMadeAgain) {
  ASSERT_TRUE(Put(0, 40).ok());
  ASSERT_TRUE(index_->Flush(true).ok());
  std::filesystem::resize_file(Paths()[0], 100);
  Reopen();
  EXPECT_EQ(index_->files(), 0U);
  ASSERT_TRUE(Put(0, 40).ok());
  ExpectAll(40);
}

TEST_F(KeyIndexTest, ForgetsWhatTheLogHasLost) {
  ASSERT_TRUE(Put(0, 40).ok());
  ASSERT_TRUE(index_->TruncateAfter(13000).ok());
  EXPECT_EQ(index_->indexed_to(), 12000);
  ExpectAll(13);
  ASSERT_TRUE(Put(13, 20).ok());
  ExpectAll(20);
  ASSERT_TRUE(index_->TruncateAfter(0).ok());
  EXPECT_EQ(index_->files(), 0U);
  EXPECT_EQ(index_->indexed_to(), -1);
}

TEST_F(KeyIndexTest, FollowsTheLogsBeginAndKeepsTheNewestFile) {
  ASSERT_TRUE(Put(0, 40).ok());
  ASSERT_TRUE(index_->DropBefore(15000).ok());
  EXPECT_EQ(Paths().size(), 4U);
  EXPECT_FALSE(Find("a16").empty());
  ASSERT_TRUE(index_->DropBefore(1'000'000).ok());
  EXPECT_EQ(Paths().size(), 1U);
}

TEST_F(KeyIndexTest, FilesMadeInTheSameMillisecondHaveNamesInOrder) {
  ASSERT_TRUE(Put(0, 40).ok());
  const auto paths = Paths();
  for (const std::string& path : paths) {
    EXPECT_EQ(std::filesystem::path(path).filename().string().size(), 17U);
  }
  EXPECT_EQ(paths.size(), index_->files());
}

}  // namespace
}  // namespace comet::store
