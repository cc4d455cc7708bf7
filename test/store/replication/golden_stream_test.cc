// What Apache's masters and slaves said to each other.

#include <vector>

#include <gtest/gtest.h>

#include "test/golden/golden_frames.h"
#include "test/store/replication/replication_world.h"

namespace comet::store {
namespace {

class GoldenStream : public testing::TestWithParam<const char*> {
 protected:
  GoldenStream() {
    world.config.segment_bytes = 1 << 20;  // as it was recorded
    EXPECT_EQ(world.Open().ToString(), "OK");
    Slice rest = stream.to_slave;
    for (auto frame = wire::TakeHaFrame(&rest); frame.ok() && *frame;
         frame = wire::TakeHaFrame(&rest)) {
      frames.push_back(**frame);
    }
    EXPECT_EQ(rest, "");
    EXPECT_GT(frames.size(), 10U);
  }

  // Each once, in order.
  std::vector<std::int64_t> RecordedReports() const {
    std::vector<std::int64_t> reports;
    for (std::size_t at = 0; at < stream.to_master.size(); at += wire::kHaReportBytes) {
      const auto report = wire::DecodeHaReport(stream.to_master.data() + at);
      if (reports.empty() || reports.back() != report) reports.push_back(report);
    }
    return reports;
  }
  void FollowAll() {
    for (const auto& frame : frames) {
      const Status status = world.store->follower().OnFrame(frame.header, frame.body);
      ASSERT_TRUE(status.ok()) << status.ToString();
    }
    world.Pump();
  }

  const golden::GoldenHaStream stream = golden::ReadGoldenHaStream(GetParam());
  std::vector<wire::HaFrame> frames;
  StoreWorld world;
};

TEST_P(GoldenStream, IsFollowedByteForByteAndReportedAsApachesSlaveDid) {
  std::string sent;
  std::vector<std::int64_t> reports = {world.store->follower().expected()};
  for (const auto& frame : frames) {
    sent += frame.body;
    const Status status = world.store->follower().OnFrame(frame.header, frame.body);
    ASSERT_TRUE(status.ok()) << status.ToString();
    const auto has = world.store->follower().expected();
    if (reports.back() != has) reports.push_back(has);
  }
  EXPECT_EQ(reports, RecordedReports());
  EXPECT_TRUE(ReplicationWorld::Bytes(world.store->log()) == sent);
}

TEST_P(GoldenStream, FillsTheQueues) {
  FollowAll();
  std::int64_t entries = 0;
  world.store->queues().ForEach([&](const QueueSlot& slot) { entries += slot.queue().end(); });
  EXPECT_GT(entries, 50);
  EXPECT_EQ(world.store->dispatcher().dispatched(), world.store->log().end());
}

TEST_P(GoldenStream, IsWhatOurMasterSendsOfThatLog) {
  FollowAll();
  Feed feed(world.store->log(), {.batch_bytes = 32768});
  ASSERT_TRUE(feed.OnReport(RecordedReports().front()).ok());
  for (const auto& recorded : frames) {
    if (recorded.body.empty()) {
      EXPECT_EQ(feed.Heartbeat(), recorded.header);
      continue;
    }
    const auto frame = feed.Next();
    ASSERT_TRUE(frame.ok() && frame->has_value());
    EXPECT_EQ((*frame)->header, recorded.header);
    EXPECT_TRUE((*frame)->range.bytes == recorded.body);
  }
}

INSTANTIATE_TEST_SUITE_P(Replication, GoldenStream, testing::Values("4.9.7", "5.3.3"),
                         [](const auto& version) {
                           return version.param[0] == '4' ? "Java4" : "Java5";
                         });

}  // namespace
}  // namespace comet::store
