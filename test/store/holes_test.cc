#include "store/holes.h"

#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "test/store/temp_directory.h"

namespace comet::store {
namespace {

constexpr std::int64_t kBase = 1 << 22, kBytes = 1 << 22, kData = 1 << 20;

TEST(Holes, AreSteppedOverAndDataIsNot) {
  TempDirectory directory;
  PosixFileSystem fs;
  auto file = fs.Open(directory / "log", FileSystem::Mode::kCreate);
  ASSERT_TRUE(file.ok() && (*file)->Allocate(kBytes).ok());
  const Slice text = "data";
  ASSERT_TRUE((*file)->WriteAt(kData, {&text, 1}).ok());
  const auto segment = Segment::Open(fs, directory / "log", kBase);
  ASSERT_TRUE(segment.ok());
  // Before anything is read: what is in the page cache counts as data.
  EXPECT_EQ(NextData(**segment, kBase + kData + (1 << 16)), (*segment)->end());
  const auto found = NextData(**segment, kBase);
  EXPECT_LE(found, kBase + kData);
  EXPECT_EQ((*segment)->From(kBase, found - kBase).find_first_not_of('\0'), Slice::npos);
  EXPECT_EQ(NextData(**segment, kBase + kData + 1), kBase + kData + 1);
  EXPECT_EQ(NextData(**segment, (*segment)->end()), (*segment)->end());
}

}  // namespace
}  // namespace comet::store
