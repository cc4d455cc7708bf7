#include "store/replication/follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/wire/record.h"
#include "store/queue_units.h"
#include "test/store/replication/replication_world.h"

namespace comet::store {
namespace {

using sim::Fault;
using testing::HasSubstr;

// Several files, several queues, a batch, delayed ones.
void Fill(StoreWorld& world) {
  for (int i = 0; i < 12; ++i) {
    world.Send("A", i % 2, 100);
    world.Send("B", 0, 700);
  }
  world.SendMany("A", 1, 3, 150);
  world.Send(std::string(kDelayTopic), 1);
  world.Pump();
}

class CutAt : public testing::TestWithParam<std::int64_t> {};

TEST_P(CutAt, FramesOfAnySizeBecomeTheSameLogAndQueues) {
  ReplicationWorld world;
  world.batch_bytes = GetParam();
  world.piece_bytes = static_cast<std::size_t>(GetParam()) + 5;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.CheckCopy();
  Fill(world.master);
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.CheckCopy();
}

INSTANTIATE_TEST_SUITE_P(Follower, CutAt, testing::Values(1, 3, 7, 8, 91, 500, 4095, 4096, 32768));

TEST(Follower, GoesOnAfterConnectionsThatBreakAnywhere) {
  ReplicationWorld world;
  world.batch_bytes = 77;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  int connections = 0;
  while (world.copy().end() < world.master.store->log().end()) {
    ASSERT_EQ(world.Connect().ToString(), "OK");
    const int frames = 3 + ++connections % 11;
    for (int i = 0; i < frames; ++i) {
      const auto frame = world.feed->Next();
      ASSERT_TRUE(frame.ok());
      if (!frame->has_value()) break;
      ASSERT_TRUE(world.Frame((*frame)->header.offset, (*frame)->range.bytes).ok());
    }
    ASSERT_LT(connections, 2000);
    world.batch_bytes += 13;
  }
  world.CheckCopy();
}

TEST(Follower, KeepsItsStoreOverAnOrderlyStopAndACrash) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  ASSERT_EQ(world.slave.Close().ToString(), "OK");
  ASSERT_EQ(world.slave.Open().ToString(), "OK");
  world.CheckCopy();
  Fill(world.master);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.slave.CrashAndOpen();
  world.CheckCopy();
}

TEST(Follower, BecomesAMasterThatGoesOnWithTheOffsets) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.slave.sent = world.master.sent;
  for (auto& one : world.slave.sent) one.slot += 1000;
  world.slave.Send("A", 0);
  world.slave.Pump();
  world.slave.CheckEverything();
  EXPECT_EQ(world.slave.Bodies("A", 0).size(), world.master.Bodies("A", 0).size() + 1);
}

TEST(Follower, AnEmptyLogBeginsWhereTheMastersDoes) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  const CommitLog& log = world.master.store->log();
  const auto from = 2 * log.segment_bytes();
  EXPECT_EQ(world.follower().expected(), 0);
  ASSERT_TRUE(world.Frame(from, log.SegmentAt(from)->From(from, 10)).ok());
  EXPECT_EQ(world.copy().begin(), from);
  EXPECT_EQ(world.follower().expected(), from + 10);
  // It stops before the first record is whole, and goes on there.
  world.slave.CrashAndOpen();
  EXPECT_EQ(world.follower().expected(), from);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  EXPECT_EQ(world.copy().end(), log.end());
  EXPECT_EQ(world.copy().begin(), from);
}

TEST(Follower, AnEmptyFileAtZeroGivesWayToAStreamThatBeginsLater) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  const CommitLog& log = world.master.store->log();
  ASSERT_TRUE(world.Frame(0, log.SegmentAt(0)->From(0, 10)).ok());
  world.slave.CrashAndOpen();
  const auto from = log.segment_bytes();
  ASSERT_TRUE(world.Frame(from, log.SegmentAt(from)->From(from, 10)).ok());
  EXPECT_EQ(world.copy().begin(), from);
  EXPECT_EQ(world.copy().segments().size(), 1U);
  world.slave.CrashAndOpen();
  EXPECT_EQ(world.copy().begin(), from);
}

TEST(Follower, AnEmptyLogRefusesAStreamThatBeginsInTheMiddleOfAFile) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  const Status status = world.Frame(4096 + 1, "x");
  EXPECT_EQ(status.code(), Status::Code::kInvalid);
  EXPECT_THAT(status.message(), HasSubstr("4097"));
  EXPECT_EQ(world.copy().segments().size(), 0U);
}

TEST(Follower, RefusesAStreamThatDoesNotContinueItsLog) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  const auto end = world.copy().end();
  for (const auto offset : {end - 1, end + 1, std::int64_t{0}, end + 4096}) {
    for (const Slice body : {Slice(), Slice("x")}) {
      const Status status = world.Frame(offset, body);
      EXPECT_EQ(status.code(), Status::Code::kInvalid) << offset;
      EXPECT_THAT(status.message(), HasSubstr(std::to_string(end)));
      EXPECT_THAT(status.message(), HasSubstr(std::to_string(offset)));
    }
  }
  EXPECT_TRUE(world.Frame(end, {}).ok());  // a heartbeat
  world.CheckCopy();
}

TEST(Follower, AFrameInAWrongPlaceEndsTheRecordUnderWay) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  const CommitLog& log = world.master.store->log();
  ASSERT_TRUE(world.Frame(0, log.SegmentAt(0)->From(0, 10)).ok());
  EXPECT_EQ(world.Frame(11, "x").code(), Status::Code::kInvalid);
  EXPECT_EQ(world.follower().expected(), 0);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.CheckCopy();
}

TEST(Follower, RefusesAFrameThatSpansTwoFiles) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  const Status status = world.Frame(0, std::string(4097, '\0'));
  EXPECT_EQ(status.code(), Status::Code::kInvalid);
  EXPECT_THAT(status.message(), HasSubstr("mappedFileSizeCommitLog"));
}

// Nothing checks it: it may be damaged, or a strange master's.
TEST(Follower, ARecordWithAQueueOffsetThatNoQueueGivesIsCopiedAndInNoQueue) {
  for (const std::int64_t claimed : {kQueueOffsetMax + 1, INT64_MAX, std::int64_t{-1}}) {
    ReplicationWorld world;
    ASSERT_EQ(world.Open().ToString(), "OK");
    world.master.Send("A", 0);
    world.master.Pump();
    std::string record = ReplicationWorld::Bytes(world.master.store->log());
    PutI64(record.data() + wire::OffsetOf("queueOffset"), claimed);
    EXPECT_EQ(world.Frame(0, record).ToString(), "OK");
    EXPECT_EQ(world.copy().end(), std::ssize(record));
    EXPECT_TRUE(world.slave.Bodies("A", 0).empty());
    world.slave.CrashAndOpen();
    EXPECT_EQ(world.copy().end(), std::ssize(record));
    EXPECT_TRUE(world.slave.Bodies("A", 0).empty());
  }
}

// The master's log with one byte changed never gets further than the record before it.
TEST(Follower, NeverWritesADamagedRecord) {
  StoreWorld master;
  ASSERT_EQ(master.Open().ToString(), "OK");
  master.Send("A", 0);
  master.Send("A", 0, 200);
  master.Pump();
  const std::string good = ReplicationWorld::Bytes(master.store->log());
  const auto first = GetBigEndian<std::int32_t>(good.data());
  const auto topic_at = good.rfind("\1A") + 1;
  for (std::size_t at = static_cast<std::size_t>(first); at < topic_at; ++at) {
    // Not checked by anything: flag, queue offset, system flag, times, hosts, counters; a master's
    // disk that decays there is what it is.
    const auto in_record = at - static_cast<std::size_t>(first);
    const bool checked = in_record < 12 || (in_record >= 28 && in_record < 36) || in_record >= 84;
    if (!checked) continue;
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x40);
    StoreWorld slave;
    ASSERT_EQ(slave.Open().ToString(), "OK");
    const Status status =
        slave.store->follower().OnFrame({0, static_cast<std::int32_t>(bad.size())}, bad);
    // A size that is larger leaves the record unfinished.
    if (!status.ok()) {
      EXPECT_EQ(status.code(), Status::Code::kCorruption) << in_record;
      EXPECT_THAT(status.message(), HasSubstr(Concat("log offset ", first)));
    }
    EXPECT_EQ(slave.store->log().end(), first) << in_record;
    EXPECT_FALSE(slave.store->gate().poisoned());
  }
}

TEST(Follower, RefusesABlankRecordThatDoesNotEndWithItsFile) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  char blank[wire::kBlankBytes];
  wire::EncodeBlank(4095, blank);
  EXPECT_EQ(world.Frame(0, Slice(blank, sizeof(blank))).code(), Status::Code::kCorruption);
}

TEST(Follower, CopiesGarbageBehindABlankRecord) {
  for (const auto piece : std::vector<std::size_t>{1, 5, 8, 9, 100, 4096}) {
    ReplicationWorld world;
    ASSERT_EQ(world.Open().ToString(), "OK");
    std::string file(4096, 'g');
    wire::EncodeBlank(4096, file.data());
    for (std::size_t at = 0; at < file.size(); at += piece) {
      ASSERT_TRUE(world.Frame(static_cast<std::int64_t>(at), Slice(file).substr(at, piece)).ok());
      ASSERT_EQ(world.copy().end(), 0);
    }
    EXPECT_EQ(world.follower().expected(), 4096);
    ASSERT_TRUE(world.Frame(4096, Slice("\0", 1)).ok());
    EXPECT_EQ(world.copy().end(), 4096);
    EXPECT_TRUE(ReplicationWorld::Bytes(world.copy()) == file);
    world.slave.Pump();
    world.slave.CrashAndOpen();
    EXPECT_EQ(world.follower().expected(), 4096);
    EXPECT_TRUE(ReplicationWorld::Bytes(world.copy()) == file);
  }
}

TEST(Follower, AFileIsClosedOnlyWhenSomethingFollows) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.master.Send("A", 0);
  world.master.Pump();
  const auto end = world.master.store->log().end();
  ASSERT_TRUE(world.master.store->log().Roll().ok());
  ASSERT_TRUE(world.master.store->log().Flush().ok());
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  EXPECT_EQ(world.follower().expected(), 4096);
  EXPECT_EQ(world.copy().end(), end);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  EXPECT_EQ(world.feed->position(), end);
  world.master.Send("A", 0);
  world.master.Pump();
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.CheckCopy();
}

TEST(Follower, ACrashBehindHalfTheGarbageComesBackToTheBlankRecord) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  std::string file(4096, 'g');
  wire::EncodeBlank(4096, file.data());
  ASSERT_TRUE(world.Frame(0, Slice(file).substr(0, 3000)).ok());
  EXPECT_EQ(world.follower().expected(), 3000);
  world.slave.CrashAndOpen();
  EXPECT_EQ(world.follower().expected(), 0);
  ASSERT_TRUE(world.Frame(0, file).ok());
  ASSERT_TRUE(world.Frame(4096, Slice("\0", 1)).ok());
  EXPECT_TRUE(ReplicationWorld::Bytes(world.copy()) == file);
}

TEST(Follower, RefusesARecordLargerThanItsSettingsAllow) {
  ReplicationWorld world;
  world.slave.config.message_bytes_max = 100;
  world.slave.config.segment_bytes = 1 << 20;
  world.master.config.segment_bytes = 1 << 20;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.master.Send("A", 0, 200'000);
  world.master.Pump();
  ASSERT_EQ(world.Connect().ToString(), "OK");
  const Status status = world.Copy();
  EXPECT_EQ(status.code(), Status::Code::kCorruption);
  EXPECT_THAT(status.message(), HasSubstr("maxMessageSize"));
}

TEST(Follower, OnAFullDiskWaitsAndGoesOnWhenThereIsRoom) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  world.slave.disk.SetCapacity(11'000);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  EXPECT_EQ(world.Copy().code(), Status::Code::kFull);
  EXPECT_EQ(world.follower().expected(), world.copy().end());
  EXPECT_FALSE(world.slave.store->gate().poisoned());
  world.slave.Tick();
  ASSERT_EQ(world.Connect().ToString(), "OK");
  EXPECT_EQ(world.Copy().code(), Status::Code::kFull);
  world.slave.disk.SetCapacity(10'000'000);
  world.slave.Tick();
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.CheckCopy();
}

TEST(Follower, AFailedWritePoisonsTheStore) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  Fill(world.master);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  const auto end = world.copy().end();
  Fill(world.master);
  world.slave.disk.Inject({Fault::Op::kWrite, 1, Fault::Kind::kTear});
  EXPECT_EQ(world.Copy().code(), Status::Code::kIo);
  EXPECT_TRUE(world.slave.store->gate().poisoned());
  EXPECT_EQ(world.copy().end(), end);
  ASSERT_EQ(world.Connect().ToString(), "OK");
  EXPECT_EQ(world.Copy().code(), Status::Code::kIo);
  world.slave.CrashAndOpen();
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  world.CheckCopy();
}

TEST(Follower, AsksForASyncWithEachFrameUnlessItNeedNot) {
  ReplicationWorld world(FlushDiskType::kAsync);
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.master.Send("A", 0);
  world.master.Pump();
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  EXPECT_EQ(world.copy().flushed(), world.copy().end());
  world.follower().FlushAtOnce(false);
  world.master.Send("A", 0);
  world.master.Pump();
  ASSERT_EQ(world.Copy().ToString(), "OK");
  EXPECT_LT(world.copy().flushed(), world.copy().end());
}

TEST(Follower, TellsWhenItsMarksMove) {
  ReplicationWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  std::int64_t ends = 0, flushes = 0;
  world.copy().end_moved().Connect([&] { ++ends; });
  world.copy().flushed_moved().Connect([&] { ++flushes; });
  world.master.Send("A", 0);
  world.master.Pump();
  ASSERT_EQ(world.Connect().ToString(), "OK");
  ASSERT_EQ(world.Copy().ToString(), "OK");
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(flushes, 1);
}

}  // namespace
}  // namespace comet::store
