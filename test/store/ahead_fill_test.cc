#include "store/ahead_fill.h"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "test/sim/sim_disk.h"
#include "test/sim/sim_executor.h"

namespace comet::store {
namespace {

constexpr std::int64_t kBase = 1 << 30;
constexpr std::int64_t kBytes = AheadFill::kGapBytes + 3 * AheadFill::kPieceBytes;
constexpr const char* kPath = "/store/log";

// A file full of 'x', so that one sees what was filled.
class AheadFillTest : public testing::Test {
 protected:
  AheadFillTest() : fill_(std::make_shared<AheadFill>(worker_)) {
    EXPECT_TRUE(disk_.MakeDirectories("/store").ok());
    const std::string old(3 * AheadFill::kGapBytes, 'x');
    const Slice part = old;
    EXPECT_TRUE(Open()->WriteAt(0, {&part, 1}).ok());
  }

  std::unique_ptr<File> Open() { return disk_.Open(kPath, FileSystem::Mode::kOpenOrCreate).Take(); }
  void WriterAt(std::int64_t used) {
    fill_->Reserve(kBase + used);
    worker_.RunReady();
  }
  // Where zeros begin, and how many there are.
  std::pair<std::int64_t, std::int64_t> Filled() {
    const std::string content = disk_.Content(kPath);
    const auto first = std::min(content.find('\0'), content.size());
    return {first, std::count(content.begin(), content.end(), '\0')};
  }

  ManualClock clock_;
  sim::SimDisk disk_{clock_};
  sim::SimExecutor worker_{clock_};
  std::shared_ptr<AheadFill> fill_;
};

TEST_F(AheadFillTest, FillsBehindTheGapTwiceAsFastAsTheWriter) {
  fill_->Begin(Open(), kBase, kBytes);
  WriterAt(100);
  EXPECT_EQ(Filled(), std::pair(AheadFill::kGapBytes, AheadFill::kPieceBytes));
  WriterAt(AheadFill::kPieceBytes / 2 - 1);
  EXPECT_EQ(Filled().second, AheadFill::kPieceBytes);
  WriterAt(AheadFill::kPieceBytes / 2);
  EXPECT_EQ(Filled().second, 2 * AheadFill::kPieceBytes);
  WriterAt(AheadFill::kPieceBytes);
  EXPECT_EQ(Filled(), std::pair(AheadFill::kGapBytes, kBytes - AheadFill::kGapBytes));
  WriterAt(kBytes);  // the filling is over and needs not be waited for
  EXPECT_EQ(Filled().second, kBytes - AheadFill::kGapBytes);
}

TEST_F(AheadFillTest, StaysBehindAWriterThatHasCaughtUp) {
  const auto end = 3 * AheadFill::kGapBytes;
  fill_->Begin(Open(), kBase, end);
  fill_->Reserve(kBase + AheadFill::kGapBytes);  // asks for a piece that comes too late
  fill_->Reserve(kBase + AheadFill::kGapBytes + 1);
  worker_.RunReady();
  EXPECT_EQ(Filled(), std::pair(2 * AheadFill::kGapBytes + 1, AheadFill::kPieceBytes));
}

TEST_F(AheadFillTest, EndsWhenADiskFails) {
  fill_->Begin(Open(), kBase, kBytes);
  disk_.Inject({sim::Fault::Op::kWrite, 2, sim::Fault::Kind::kFail});
  for (int n = 1; n <= 4; ++n) WriterAt(n * AheadFill::kPieceBytes / 2);
  EXPECT_EQ(Filled().second, AheadFill::kPieceBytes);
}

TEST_F(AheadFillTest, LeavesAShortFileAlone) {
  fill_->Begin(Open(), kBase, AheadFill::kGapBytes);
  fill_->Reserve(kBase + 1);
  EXPECT_FALSE(worker_.Step());
}

}  // namespace
}  // namespace comet::store
