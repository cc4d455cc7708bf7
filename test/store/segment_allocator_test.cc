#include "store/segment_allocator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "store/layout.h"
#include "store/store_metrics.h"
#include "test/base/temp_directory.h"
#include "test/sim/sim_disk.h"
#include "test/sim/sim_executor.h"
#include "test/store/faulty_file_system.h"

namespace comet::store {
namespace {

using sim::Fault;
using testing::ElementsAre;
using testing::IsEmpty;

class SegmentAllocatorTest : public testing::Test {
 protected:
  SegmentAllocatorTest() { EXPECT_TRUE(disk_.MakeDirectories(config_.commit_log_path()).ok()); }
  std::vector<std::string> InLog() {
    auto names = disk_.List(config_.commit_log_path());
    EXPECT_TRUE(names.ok()) << names.error().ToString();
    return names.ok() ? *names : std::vector<std::string>();
  }
  void Fill(std::int64_t used) {
    allocator_.Progress(0, used);
    worker_.RunReady();
  }

  TempDirectory directory_;
  PosixFileSystem real_;
  FaultyFileSystem disk_{real_};
  StoreConfig config_;
  ManualClock clock_;
  sim::SimExecutor worker_{clock_};
  StoreMetrics metrics_;
  WriteGate gate_{metrics_.poisoned};
  SegmentAllocator allocator_{disk_, worker_, gate_, Configured()};

 private:
  const StoreConfig& Configured() {
    config_.root = directory_.path();
    config_.segment_bytes = 4 << 20;
    config_.flush = FlushDiskType::kSync;  // only then are files filled
    return config_;
  }
};

TEST_F(SegmentAllocatorTest, AFileThatIsBeingFilledIsNotInTheLogsFolder) {
  Fill(2 << 20);
  EXPECT_THAT(InLog(), IsEmpty());
  Fill(4 << 20);
  EXPECT_THAT(InLog(), ElementsAre(SegmentName(4 << 20)));
}

TEST_F(SegmentAllocatorTest, ALogOnADeviceOfItsOwnGetsItsFilesTakenAndPrepared) {
  disk_.other_device = directory_ / "prepare";
  const auto first = allocator_.Take(0);
  ASSERT_TRUE(first.ok()) << first.error().ToString();
  EXPECT_EQ((*first)->path(), config_.commit_log_path() + "/" + SegmentName(0));
  Fill(4 << 20);
  const auto second = allocator_.Take(4 << 20);
  ASSERT_TRUE(second.ok()) << second.error().ToString();
  EXPECT_EQ(allocator_.Discard().ToString(), "OK");
  EXPECT_THAT(InLog(), ElementsAre(SegmentName(0), SegmentName(4 << 20)));
}

// On a disk whose syncs can fail and whose power can go.
struct SimLog {
  explicit SimLog(std::uint64_t seed = 1) : disk(clock, seed) {
    config.root = "store";
    config.segment_bytes = 4096;
    EXPECT_TRUE(disk.MakeDirectories(config.commit_log_path()).ok());
    allocator = std::make_unique<SegmentAllocator>(disk, worker, gate, config);
  }
  std::vector<std::string> Files() {
    auto names = disk.List(config.commit_log_path());
    EXPECT_TRUE(names.ok()) << names.error().ToString();
    return names.ok() ? names.Take() : std::vector<std::string>();
  }

  ManualClock clock;
  sim::SimDisk disk;
  sim::SimExecutor worker{clock};
  StoreMetrics metrics;
  WriteGate gate{metrics.poisoned};
  StoreConfig config;
  std::unique_ptr<SegmentAllocator> allocator;
};

TEST(SegmentAllocator, AFileWhosePlaceIsNotSureIsNotLeftInTheLogsFolder) {
  SimLog log;
  log.disk.Inject({Fault::Op::kSync, 2, Fault::Kind::kFail});  // the first is the file's own
  EXPECT_FALSE(log.allocator->Take(0).ok());
  EXPECT_THAT(log.Files(), IsEmpty());
}

TEST(SegmentAllocator, AFileThatAnOrderlyStopRemovesIsNotBackAfterAPowerCut) {
  for (std::uint64_t seed = 1; seed <= 32; ++seed) {
    SCOPED_TRACE(seed);
    SimLog log(seed);
    ASSERT_TRUE(log.allocator->Take(0).ok());
    log.allocator->Progress(0, log.config.segment_bytes);
    log.worker.RunReady();
    ASSERT_THAT(log.Files(), ElementsAre(SegmentName(0), SegmentName(4096)));
    ASSERT_EQ(log.allocator->Discard().ToString(), "OK");
    log.disk.Crash();
    log.allocator.reset();
    log.disk.Restart();
    EXPECT_THAT(log.Files(), ElementsAre(SegmentName(0)));
  }
}

}  // namespace
}  // namespace comet::store
