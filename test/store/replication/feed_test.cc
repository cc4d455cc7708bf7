#include "store/replication/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/store/store_world.h"

namespace comet::store {
namespace {

using testing::HasSubstr;

// Everything the feed has, as one piece.
std::string Drain(Feed* feed) {
  std::string bytes;
  while (true) {
    auto frame = feed->Next();
    EXPECT_TRUE(frame.ok());
    if (!frame.ok() || !frame->has_value()) return bytes;
    EXPECT_EQ((*frame)->header.bytes, std::ssize((*frame)->range.bytes));
    bytes += (*frame)->range.bytes;
  }
}

TEST(Feed, SendsNothingBeforeTheFirstReport) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  Feed feed(world.store->log(), {});
  EXPECT_FALSE(feed.started());
  EXPECT_EQ(Drain(&feed), "");
}

TEST(Feed, GivesAnEmptyReplicaTheLogFromItsBeginInFramesOfOneFile) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 30; ++i) world.Send("A", 0, 700);
  world.Pump();
  const CommitLog& log = world.store->log();
  ASSERT_GT(log.end(), 3 * log.segment_bytes());
  Feed feed(log, {.batch_bytes = 1000});
  ASSERT_TRUE(feed.OnReport(0).ok());
  std::int64_t at = 0;
  while (at < log.end()) {
    const auto frame = feed.Next();
    ASSERT_TRUE(frame.ok() && frame->has_value());
    const wire::HaHeader& header = (*frame)->header;
    EXPECT_EQ(header.offset, at);
    EXPECT_LE(header.bytes, 1000);
    EXPECT_EQ(header.offset / log.segment_bytes(),
              (header.offset + header.bytes - 1) / log.segment_bytes());
    at += header.bytes;
  }
  EXPECT_EQ(feed.position(), log.end());
  EXPECT_EQ(feed.Heartbeat(), (wire::HaHeader{log.end(), 0}));
}

TEST(Feed, SendsNoZerosForWhatTheDeviceDoesNotGive) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 10; ++i) world.Send("A", 0);
  world.Pump();
  const auto lost = world.AckOf(5)->log_offset;
  world.disk.Spoil("store/commitlog/00000000000000000000", static_cast<std::uint64_t>(lost), 1);
  Feed feed(world.store->log(), {});
  ASSERT_TRUE(feed.OnReport(0).ok());
  const auto before = feed.Next();
  ASSERT_TRUE(before.ok() && before->has_value());
  EXPECT_EQ((*before)->header.bytes, lost);
  const auto next = feed.Next();
  EXPECT_EQ(next.error().code(), Status::Code::kIo);
  EXPECT_THAT(next.error().message(), HasSubstr("00000000000000000000"));
}

TEST(Feed, GoesOnWhereAReplicaEnds) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  const auto middle = world.store->log().end();
  world.Send("A", 0);
  world.Pump();
  Feed feed(world.store->log(), {});
  ASSERT_TRUE(feed.OnReport(middle).ok());
  EXPECT_EQ(feed.acked(), middle);
  EXPECT_EQ(std::ssize(Drain(&feed)), world.store->log().end() - middle);
}

TEST(Feed, UnderSyncFlushSendsOnlyWhatIsOnTheDevice) {
  StoreWorld world(FlushDiskType::kSync);
  ASSERT_EQ(world.Open().ToString(), "OK");
  Feed feed(world.store->log(), {});
  ASSERT_TRUE(feed.OnReport(0).ok());
  world.Send("A", 0);
  ASSERT_TRUE(world.store->appender().Step());
  EXPECT_EQ(Drain(&feed), "");
  ASSERT_TRUE(world.store->flusher().Step());
  EXPECT_NE(Drain(&feed), "");
}

TEST(Feed, UnderAsyncFlushSendsWhatIsWritten) {
  StoreWorld world(FlushDiskType::kAsync);
  ASSERT_EQ(world.Open().ToString(), "OK");
  Feed feed(world.store->log(), {});
  ASSERT_TRUE(feed.OnReport(0).ok());
  world.Send("A", 0);
  ASSERT_TRUE(world.store->appender().Step());
  EXPECT_NE(Drain(&feed), "");
}

TEST(Feed, RefusesAReplicaThatIsAheadAndNamesBothOffsets) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  const auto end = world.store->log().end();
  Feed feed(world.store->log(), {});
  const Status status = feed.OnReport(end + 1);
  EXPECT_EQ(status.code(), Status::Code::kInvalid);
  EXPECT_THAT(status.message(), HasSubstr(std::to_string(end + 1)));
  EXPECT_THAT(status.message(), HasSubstr(std::to_string(end)));
  EXPECT_FALSE(feed.started());
  EXPECT_FALSE(feed.OnReport(-1).ok());
}

TEST(Feed, RefusesAReplicaThatLacksWhatHasExpired) {
  StoreWorld world;
  world.config.delete_when = "0;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23";
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 20; ++i) world.Send("A", 0, 700);
  world.Tick();
  world.Tick();
  world.clock.Advance(std::chrono::hours(73));
  world.Tick();
  const auto begin = world.store->log().begin();
  ASSERT_GT(begin, 0);
  Feed late(world.store->log(), {});
  const Status status = late.OnReport(begin - 1);
  EXPECT_EQ(status.code(), Status::Code::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr(std::to_string(begin)));
  Feed empty(world.store->log(), {});
  ASSERT_TRUE(empty.OnReport(0).ok());
  EXPECT_EQ(empty.position(), begin);
  ASSERT_TRUE(empty.OnReport(0).ok());
}

TEST(Feed, RefusesReportsThatGoBackOrBeyondWhatWasSent) {
  StoreWorld world;
  ASSERT_EQ(world.Open().ToString(), "OK");
  world.Send("A", 0);
  world.Pump();
  const auto end = world.store->log().end();
  Feed feed(world.store->log(), {});
  ASSERT_TRUE(feed.OnReport(0).ok());
  EXPECT_FALSE(feed.OnReport(end).ok());  // nothing was sent yet
  Drain(&feed);
  ASSERT_TRUE(feed.OnReport(end).ok());
  ASSERT_TRUE(feed.OnReport(end).ok());
  EXPECT_EQ(feed.OnReport(end - 1).code(), Status::Code::kInvalid);
  EXPECT_EQ(feed.acked(), end);
}

}  // namespace
}  // namespace comet::store
