#include "store/commit_log.h"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "store/layout.h"
#include "store/segment_allocator.h"
#include "store/store_config.h"
#include "store/store_metrics.h"
#include "store/write_gate.h"
#include "test/sim/sim_disk.h"
#include "test/sim/sim_executor.h"

namespace comet::store {
namespace {

constexpr std::int64_t kPage = 4096, kFile = 3 * kPage + 100;

// A log of one file full of 'x', so that one sees what was written.
class CommitLogTest : public testing::Test {
 protected:
  CommitLogTest() {
    config_.root = "/store";
    config_.segment_bytes = kFile;
    allocator_ = std::make_unique<SegmentAllocator>(disk_, worker_, gate_, config_);
    EXPECT_TRUE(disk_.MakeDirectories(config_.commit_log_path()).ok());
    const std::string old(kFile, 'x');
    const Slice part = old;
    auto file = disk_.Open(Path(), FileSystem::Mode::kOpenOrCreate).Take();
    EXPECT_TRUE(file->WriteAt(0, {&part, 1}).ok());
    log_ = CommitLog::Open(disk_, config_, *allocator_).Take();
  }

  std::string Path() const { return config_.commit_log_path() + "/" + SegmentName(0); }
  void Append(std::int64_t bytes) {
    const std::string records(static_cast<std::size_t>(bytes), 'r');
    const Slice part = records;
    EXPECT_TRUE(log_->Append({&part, 1}).ok());
  }
  // How much of the file is records, how much behind them is zeros, how much is left as it was.
  std::string Content() {
    const std::string content = disk_.Content(Path());
    std::string told;
    for (auto at = content.begin(); at != content.end();) {
      const auto next = std::find_if(at, content.end(), [at](char c) { return c != *at; });
      told += (*at == '\0' ? '0' : *at) + std::to_string(next - at) + " ";
      at = next;
    }
    return told;
  }

  ManualClock clock_;
  sim::SimDisk disk_{clock_};
  sim::SimExecutor worker_{clock_};
  StoreMetrics metrics_;
  WriteGate gate_{metrics_.poisoned};
  StoreConfig config_;
  std::unique_ptr<SegmentAllocator> allocator_;
  std::unique_ptr<CommitLog> log_;
};

TEST_F(CommitLogTest, APageIsWrittenWholeWhenItIsBegun) {
  log_->StartAt(0, {});
  Append(100);
  EXPECT_EQ(Content(), "r100 03996 x8292 ");
  Append(100);  // in a page that is in memory since
  EXPECT_EQ(Content(), "r200 03896 x8292 ");
  Append(kPage);
  EXPECT_EQ(Content(), "r4296 03896 x4196 ");
  EXPECT_EQ(log_->end(), kPage + 200);
}

TEST_F(CommitLogTest, WritesNothingBehindRecordsThatEndInThePageTheyBeganIn) {
  log_->StartAt(1000, {});
  Append(50);
  EXPECT_EQ(Content(), "x1000 r50 x11338 ");
}

TEST_F(CommitLogTest, RecordsThatEndWithTheirPageNeedNothingBehindThem) {
  log_->StartAt(0, {});
  Append(kPage);
  EXPECT_EQ(Content(), "r4096 x8292 ");
}

TEST_F(CommitLogTest, TheLastPageOfAFileEndsWithTheFile) {
  log_->StartAt(2 * kPage, {});
  Append(kPage + 10);
  EXPECT_EQ(Content(), "x8192 r4106 090 ");
}

TEST_F(CommitLogTest, WhatAReplicaWroteAheadIsKeptWhenItsFileIsClosed) {
  log_->StartAt(kPage, {});
  Append(kPage);
  const std::string rest(200, 'w');
  EXPECT_TRUE(log_->WriteAhead(2 * kPage + 8, rest).ok());
  EXPECT_TRUE(log_->CloseFile("bbbbbbbb").ok());
  EXPECT_EQ(Content(), "x4096 r4096 b8 w200 x3988 ");
}

}  // namespace
}  // namespace comet::store
