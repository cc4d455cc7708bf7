#include "store/reader.h"

#include <gtest/gtest.h>

#include "remoting/wire/record.h"
#include "remoting/wire/record_reader.h"
#include "store/tag_filter.h"
#include "test/store/store_world.h"

namespace comet::store {
namespace {

class OnlyBodies final : public MessageFilter {
 public:
  explicit OnlyBodies(std::string part) : part_(std::move(part)) {}
  bool MatchesEntry(const QueueEntry& /*entry*/) const override { return true; }
  bool needs_record() const override { return true; }
  bool MatchesRecord(Slice record) const override {
    return wire::ReadRecord(record).record.body.find(part_) != std::string_view::npos;
  }

 private:
  const std::string part_;
};

class ReaderTest : public testing::Test {
 protected:
  ReaderTest() {
    const Status opened = world_.Open();
    EXPECT_TRUE(opened.ok()) << opened.ToString();
  }
  void Send(int count, const std::string& topic = "T", std::int32_t id = 0) {
    for (int n = 0; n < count; ++n) world_.Send(topic, id);
    world_.Pump();
  }
  QueueSlot* Slot(const std::string& topic = "T", std::int32_t id = 0) {
    return world_.store->queues().Find(topic, id);
  }
  ReadResult Read(std::int64_t offset, ReadLimits limits = {},
                  const MessageFilter* filter = nullptr, const ReaderOptions& options = {}) {
    const Reader reader(world_.store->log(), world_.store->queues(), options);
    return reader.Read("T", 0, offset, limits, filter);
  }
  static std::vector<std::int64_t> OffsetsOf(const ReadResult& result) {
    std::vector<std::int64_t> offsets;
    for (const LogRange& range : result.ranges) {
      for (Slice rest = range.bytes; !rest.empty();) {
        const auto read = wire::ReadRecord(rest);
        EXPECT_EQ(read.state, wire::RecordState::kRecord);
        if (read.state != wire::RecordState::kRecord) break;
        offsets.push_back(read.record.queue_offset);
        rest.remove_prefix(read.record.bytes);
      }
    }
    return offsets;
  }

  StoreWorld world_;
};

TEST_F(ReaderTest, TellsWhyThereIsNothing) {
  EXPECT_EQ(Read(0).status, ReadStatus::kNoMatchedLogicQueue);
  world_.store->queues().FindOrCreate("T", 0);
  EXPECT_EQ(Read(5).status, ReadStatus::kNoMessageInQueue);
  EXPECT_EQ(Read(5).next_offset, 0);
  Send(5);
  EXPECT_EQ(Read(5).status, ReadStatus::kOffsetOverflowOne);
  EXPECT_EQ(Read(5).next_offset, 5);
  EXPECT_EQ(Read(7).status, ReadStatus::kOffsetOverflowBadly);
  EXPECT_EQ(Read(7).next_offset, 5);
  ASSERT_TRUE(Slot()->queue().DropBefore(Slot()->queue().log_end()).ok());
  EXPECT_EQ(Read(1).status, ReadStatus::kOffsetTooSmall);
  EXPECT_EQ(Read(1).next_offset, 5);
  EXPECT_EQ(Read(-1).status, ReadStatus::kOffsetTooSmall);
}

TEST_F(ReaderTest, LetsWaitForWhatIsStoredButNotYetInTheQueue) {
  QueueSlot* slot = world_.store->queues().FindOrCreate("T", 0);
  slot->next_offset = 3;
  for (std::int64_t offset = 1; offset <= 3; ++offset) {
    EXPECT_EQ(Read(offset).status, ReadStatus::kOffsetOverflowOne);
    EXPECT_EQ(Read(offset).next_offset, offset);
  }
  EXPECT_EQ(Read(4).status, ReadStatus::kNoMessageInQueue);
}

TEST_F(ReaderTest, JoinsNeighboursInTheLog) {
  Send(4);
  const ReadResult read = Read(0);
  EXPECT_EQ(read.status, ReadStatus::kFound);
  EXPECT_EQ(read.messages, 4);
  EXPECT_EQ(read.next_offset, 4);
  EXPECT_EQ(read.min_offset, 0);
  EXPECT_EQ(read.max_offset, 4);
  ASSERT_EQ(read.ranges.size(), 1U);
  EXPECT_EQ(std::ssize(read.ranges[0].bytes), read.bytes);
  EXPECT_EQ(OffsetsOf(read), (std::vector<std::int64_t>{0, 1, 2, 3}));
}

TEST_F(ReaderTest, SkipsOtherQueuesMessagesInBetween) {
  for (int n = 0; n < 3; ++n) {
    Send(1);
    Send(1, "Other");
  }
  const ReadResult read = Read(1);
  EXPECT_EQ(read.ranges.size(), 2U);
  EXPECT_EQ(OffsetsOf(read), (std::vector<std::int64_t>{1, 2}));
  for (const LogRange& range : read.ranges) {
    const Slice whole = range.pin->From(range.pin->base(), range.pin->size());
    EXPECT_EQ(whole.substr(range.file_position, range.bytes.size()), range.bytes);
  }
}

TEST_F(ReaderTest, ReadsOverTheEndsOfLogFiles) {
  Send(100);  // files of 4 KiB
  std::vector<std::int64_t> all;
  for (std::int64_t next = 0; next < 100;) {
    const ReadResult read = Read(next);
    ASSERT_EQ(read.status, ReadStatus::kFound);
    for (const std::int64_t offset : OffsetsOf(read)) all.push_back(offset);
    next = read.next_offset;
  }
  ASSERT_EQ(all.size(), 100U);
  for (std::int64_t n = 0; n < 100; ++n) EXPECT_EQ(all[static_cast<std::size_t>(n)], n);
}

TEST_F(ReaderTest, KeepsToItsLimitsButGivesAtLeastOneMessage) {
  Send(40);
  EXPECT_EQ(Read(0, {.messages_max = 7}).messages, 7);
  EXPECT_EQ(Read(0, {.messages_max = 7}).next_offset, 7);
  EXPECT_EQ(Read(0, {.messages_max = 0}).messages, 1);
  EXPECT_EQ(Read(0, {.messages_max = 40}).messages, 32);
  EXPECT_EQ(Read(0, {.messages_max = 32, .bytes_max = 1}).messages, 1);
  const std::int64_t one = Read(0, {.messages_max = 1}).bytes;
  EXPECT_EQ(Read(0, {.messages_max = 32, .bytes_max = 3 * one}).messages, 3);
  ReaderOptions options;
  options.hot_bytes_max = 4 * one + 1;
  EXPECT_EQ(Read(0, {}, nullptr, options).messages, 4);
}

TEST_F(ReaderTest, FarBehindTheTailReadsLessAndSendsTheReaderElsewhere) {
  Send(40);
  const std::int64_t one = Read(0, {.messages_max = 1}).bytes;
  ReaderOptions options;
  options.hot_distance_bytes = 10 * one;
  EXPECT_EQ(Read(0, {}, nullptr, options).messages, 8);
  EXPECT_TRUE(Read(0, {}, nullptr, options).suggest_slave);
  EXPECT_EQ(Read(35, {}, nullptr, options).messages, 5);
  EXPECT_FALSE(Read(35, {}, nullptr, options).suggest_slave);
  const Reader reader(world_.store->log(), world_.store->queues(), options);
  EXPECT_TRUE(reader.IsCold(*Slot(), 0));
  EXPECT_FALSE(reader.IsCold(*Slot(), 39));
  EXPECT_FALSE(reader.IsCold(*Slot(), 40));
}

TEST_F(ReaderTest, ExtentsCoverWhatAReadLooksAtWithNeighboursJoined) {
  for (int n = 0; n < 4; ++n) {
    Send(1);
    Send(1, "Other");
  }
  ReaderOptions options;
  options.recent_bytes = 0;
  const Reader reader(world_.store->log(), world_.store->queues(), options);
  const ReadLimits limits{.messages_max = 2};
  const auto extents = reader.Extents(*Slot(), 1, limits);
  const ReadResult read = Read(1, limits);
  ASSERT_EQ(extents.size(), 1U);
  ASSERT_EQ(read.ranges.size(), 2U);
  EXPECT_EQ(extents[0].bytes.data(), read.ranges[0].bytes.data());
  EXPECT_EQ(&extents[0].bytes.back(), &read.ranges[1].bytes.back());
  EXPECT_TRUE(reader.Extents(*Slot(), 4, limits).empty());  // nothing is there
  options.recent_bytes = 1 << 20;
  const Reader lately(world_.store->log(), world_.store->queues(), options);
  EXPECT_TRUE(lately.Extents(*Slot(), 1, limits).empty());
}

TEST_F(ReaderTest, AnExtentEndsWhereItsLogFileEnds) {
  Send(100);  // files of 4 KiB
  ReaderOptions options;
  options.recent_bytes = 0;
  const Reader reader(world_.store->log(), world_.store->queues(), options);
  bool cut = false;
  for (std::int64_t offset = 0; offset < 100; ++offset) {
    const auto extents = reader.Extents(*Slot(), offset, {});
    ASSERT_FALSE(extents.empty());
    cut = cut || extents.size() > 1;
    for (const LogRange& extent : extents) {
      const Slice whole = extent.pin->From(extent.pin->base(), extent.pin->size());
      EXPECT_EQ(whole.substr(extent.file_position, extent.bytes.size()).data(),
                extent.bytes.data());
      EXPECT_LE(extent.bytes.data() + extent.bytes.size(), whole.data() + whole.size());
    }
  }
  EXPECT_TRUE(cut);
}

TEST_F(ReaderTest, AFilterMovesTheOffsetOverWhatItRefuses) {
  Send(10);
  const TagFilter other("SomeTag");
  const ReadResult none = Read(2, {}, &other);
  EXPECT_EQ(none.status, ReadStatus::kNoMatchedMessage);
  EXPECT_EQ(none.next_offset, 10);
  EXPECT_EQ(none.filtered, 8);
  const OnlyBodies three("body 3 ");
  const ReadResult some = Read(0, {}, &three);
  EXPECT_EQ(OffsetsOf(some), std::vector<std::int64_t>{3});
  EXPECT_EQ(some.next_offset, 10);
  EXPECT_EQ(some.filtered, 9);
}

TEST_F(ReaderTest, ScansOnlySoFarForAMatch) {
  Send(100);
  ReaderOptions options;
  options.scan_bytes_max = 20 * kQueueEntryBytes;
  const TagFilter other("SomeTag");
  const ReadResult read = Read(0, {.messages_max = 5}, &other, options);
  EXPECT_EQ(read.status, ReadStatus::kNoMatchedMessage);
  EXPECT_EQ(read.next_offset, 20);
}

TEST_F(ReaderTest, StepsOverAnEntryThatPointsToSomethingElse) {
  Send(3);
  QueueEntry entries[3];
  ASSERT_EQ(*Slot()->queue().Get(0, entries), 3U);
  QueueSlot* wrong = world_.store->queues().FindOrCreate("Wrong", 0);
  wrong->queue().Add(0, entries[0]);  // of another queue offset …
  wrong->queue().Add(1, {entries[1].log_offset + 8, entries[1].size, 0});  // … and of no record
  ASSERT_TRUE(wrong->queue().Publish().ok());
  const ReadResult read = world_.store->reader().Read(wrong, 1, {}, nullptr);
  EXPECT_EQ(read.status, ReadStatus::kNoMatchedMessage);
  EXPECT_EQ(read.damaged, 1);
  EXPECT_EQ(read.next_offset, 2);
}

TEST_F(ReaderTest, FindsARecordByItsLogOffset) {
  Send(3);
  QueueEntry entries[3];
  ASSERT_EQ(*Slot()->queue().Get(0, entries), 3U);
  const auto range = world_.store->reader().Record(entries[1].log_offset);
  ASSERT_TRUE(range.ok());
  EXPECT_EQ(std::ssize(range->bytes), entries[1].size);
  for (const std::int64_t offset :
       {entries[1].log_offset + 4, std::int64_t{-1}, world_.store->log().end()}) {
    const auto none = world_.store->reader().Record(offset);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code(), Status::Code::kNotFound);
  }
}

TEST_F(ReaderTest, SearchesByTime) {
  const WallMs start = world_.clock.WallNow();
  for (int n = 0; n < 5; ++n) {  // two messages each at 0, 10, 20, 30, 40
    Send(2);
    world_.clock.Advance(std::chrono::milliseconds(10));
  }
  const Reader& reader = world_.store->reader();
  EXPECT_EQ(reader.EarliestTime(Slot()), start);
  EXPECT_EQ(reader.StoreTimeAt(*Slot(), 9), start + 40);
  EXPECT_EQ(reader.StoreTimeAt(*Slot(), 10), -1);
  EXPECT_EQ(*reader.OffsetByTime(Slot(), start + 20), 4);
  EXPECT_EQ(*reader.OffsetByTime(Slot(), start + 21), 6);
  EXPECT_EQ(*reader.OffsetByTime(Slot(), start - 1), 0);
  EXPECT_EQ(*reader.OffsetByTime(Slot(), start + 41), 10);
  EXPECT_EQ(*reader.OffsetByTime(Slot(), start + 20, TimeBoundary::kUpper), 5);
  EXPECT_EQ(*reader.OffsetByTime(Slot(), start + 25, TimeBoundary::kUpper), 5);
  EXPECT_EQ(*reader.OffsetByTime(Slot(), start - 1, TimeBoundary::kUpper), 0);
  EXPECT_EQ(*reader.OffsetByTime(Slot(), start + 99, TimeBoundary::kUpper), 9);
  EXPECT_EQ(*reader.OffsetByTime(nullptr, start), 0);
  EXPECT_EQ(reader.EarliestTime(nullptr), -1);
}

class UnreadableRecordTest : public ReaderTest {
 protected:
  static constexpr std::int64_t kInBody = 95;  // of a record

  UnreadableRecordTest() {
    Send(10);
    SpoilAt(Lost() + kInBody);
  }
  std::int64_t Lost() const { return world_.AckOf(4)->log_offset; }
  void SpoilAt(std::int64_t log_offset) {
    world_.disk.Spoil("store/commitlog/00000000000000000000",
                      static_cast<std::uint64_t>(log_offset), 1);
  }
};

TEST_F(UnreadableRecordTest, HoldsItsReadersAndNobodyElse) {
  const auto before = Read(0);
  EXPECT_EQ(before.messages, 4);
  EXPECT_EQ(before.next_offset, 4);
  const auto there = Read(4);
  EXPECT_EQ(there.status, ReadStatus::kOffsetFoundNull);
  EXPECT_EQ(there.next_offset, 4);
  EXPECT_EQ(Read(5).messages, 5);
  EXPECT_EQ(world_.store->reader().Record(Lost()).error().code(), Status::Code::kIo);
  EXPECT_TRUE(world_.store->reader().Record(world_.AckOf(5)->log_offset).ok());
}

TEST_F(UnreadableRecordTest, IsNeverTakenForAnEmptyPlace) {
  const auto end = world_.AckOf(5)->log_offset;
  for (std::int64_t at = Lost(); at < end; ++at) {  // its size, its topic's length, anything
    SpoilAt(at);
    EXPECT_EQ(Read(4).status, ReadStatus::kOffsetFoundNull) << at;
    EXPECT_EQ(world_.store->reader().Record(Lost()).error().code(), Status::Code::kIo) << at;
  }
}

// A time of zeros would lead a search anywhere.
TEST_F(UnreadableRecordTest, HasNoTime) {
  const Reader& reader = world_.store->reader();
  const auto time = static_cast<std::int64_t>(wire::OffsetOf("storeTime"));
  SpoilAt(Lost() + time);
  EXPECT_EQ(reader.StoreTimeAt(*Slot(), 4), -1);
  EXPECT_EQ(reader.StoreTimeAt(*Slot(), 5), world_.clock.WallNow());
  SpoilAt(world_.AckOf(0)->log_offset + time);
  EXPECT_EQ(reader.EarliestTime(Slot()), world_.clock.WallNow());
}

TEST_F(UnreadableRecordTest, IsSteppedOverWhereTheLossIsAccepted) {
  const ReaderOptions options{.accept_loss = true};
  const auto all = Read(0, {}, nullptr, options);
  EXPECT_EQ(all.messages, 9);
  EXPECT_EQ(all.damaged, 1);
  EXPECT_EQ(all.next_offset, 10);
  const Reader reader(world_.store->log(), world_.store->queues(), options);
  EXPECT_EQ(reader.Record(Lost()).error().code(), Status::Code::kCorruption);
}

// It would be answered, and nobody could read it in this life.
TEST_F(UnreadableRecordTest, NothingIsWrittenWhereTheDeviceGivesNothing) {
  SpoilAt(world_.store->log().end() + 10);
  const auto number = world_.Send("T", 0);
  world_.Pump();
  ASSERT_NE(world_.AckOf(number), nullptr);
  EXPECT_EQ(world_.AckOf(number)->outcome, AppendOutcome::kFailed);
  EXPECT_EQ(Read(0).messages, 10);
}

}  // namespace
}  // namespace comet::store
