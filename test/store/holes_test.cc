#include "store/holes.h"

#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "store/layout.h"
#include "test/base/temp_directory.h"
#include "test/store/store_world.h"

namespace comet::store {
namespace {

constexpr std::int64_t kSegmentBase = 1 << 24, kSegmentBytes = 1 << 24, kData = 1 << 20,
                       kMore = 1 << 23;

std::shared_ptr<Segment> OpenSegment(FileSystem& fs, const std::string& path, std::int64_t base) {
  auto segment = Segment::Open(fs, path, base);
  EXPECT_TRUE(segment.ok());
  return segment.ok() ? segment.Take() : nullptr;
}

std::int64_t BytesOf(const std::vector<DataRange>& ranges) {
  std::int64_t bytes = 0;
  for (const DataRange& range : ranges) bytes += range.end - range.begin;
  return bytes;
}

TEST(Holes, AreLeftOutAndDataIsNot) {
  TempDirectory directory;
  PosixFileSystem fs;
  auto file = fs.Open(directory / "log", FileSystem::Mode::kCreate);
  ASSERT_TRUE(file.ok() && (*file)->Allocate(kSegmentBytes).ok());
  const Slice text = "data";
  ASSERT_TRUE((*file)->WriteAt(kData, {&text, 1}).ok());
  ASSERT_TRUE((*file)->WriteAt(kMore, {&text, 1}).ok());
  const auto segment = OpenSegment(fs, directory / "log", kSegmentBase);
  const auto found = DataFrom(*segment, kSegmentBase);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_LE(found[0].begin, kSegmentBase + kData);
  EXPECT_GE(found[0].end, kSegmentBase + kData + 4);
  EXPECT_LE(found[1].begin, kSegmentBase + kMore);
  EXPECT_GE(found[1].end, kSegmentBase + kMore + 4);
  EXPECT_LT(BytesOf(found), kData);
  EXPECT_EQ(DataFrom(*segment, kSegmentBase + kMore + 1).front().begin, kSegmentBase + kMore + 1);
  EXPECT_TRUE(DataFrom(*segment, kSegmentBase + kMore + (1 << 20)).empty());
  EXPECT_TRUE(DataFrom(*segment, segment->end()).empty());
}

// What was read counts as data afterwards, some read-ahead included.
TEST(Holes, RecoveryReadsNextToNothingOfThem) {
  TempDirectory directory;
  PosixFileSystem fs;
  StoreWorld world;
  world.config.root = directory.path();
  world.config.segment_bytes = 1 << 28;
  const std::string path = world.config.commit_log_path() + "/" + SegmentName(0);
  ASSERT_TRUE(fs.MakeDirectories(world.config.commit_log_path()).ok());
  {
    auto file = fs.Open(path, FileSystem::Mode::kCreate);
    ASSERT_TRUE(file.ok() && (*file)->Allocate(1 << 28).ok());
    const Slice rest_of_a_torn_write = "xyz";
    ASSERT_TRUE((*file)->WriteAt(10'000, {&rest_of_a_torn_write, 1}).ok());
    ASSERT_TRUE(WriteFileAtomically(fs, PathIn(directory.path(), kAbortName), "1").ok());
  }
  auto store =
      Store::Open({fs, world.clock, world.worker, world.acks, world.arrivals}, world.config);
  ASSERT_TRUE(store.ok()) << store.error().message();
  EXPECT_GT((*store)->recovery().cut_bytes, 0);
  EXPECT_LT(BytesOf(DataFrom(*OpenSegment(fs, path, 0), 0)), 1 << 27);
}

TEST(Holes, AllZeroFindsEveryOtherByte) {
  EXPECT_TRUE(AllZero({}));
  std::string bytes(100, '\0');
  EXPECT_TRUE(AllZero(bytes));
  for (char& byte : bytes) {
    byte = 1;
    EXPECT_FALSE(AllZero(bytes));
    byte = 0;
  }
}

}  // namespace
}  // namespace comet::store
