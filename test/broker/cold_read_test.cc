#include "broker/cold_read.h"

#include <sys/mman.h>

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "test/sim/sim_disk.h"

namespace comet::broker {
namespace {

constexpr std::size_t kPage = 4096, kBytes = 3 * ColdRead::kPieceBytes;

// Memory of which no page is there yet, as in a file that was never read.
class ColdReadTest : public testing::Test {
 protected:
  ColdReadTest()
      : at_(static_cast<char*>(
            ::mmap(nullptr, kBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {}
  ~ColdReadTest() override { ::munmap(at_, kBytes); }
  Slice Bytes(std::size_t from, std::size_t to) const { return {at_ + from, to - from}; }

  char* const at_;
};

TEST_F(ColdReadTest, NothingIsInMemoryBeforeItIsBroughtThere) {
  ASSERT_NE(at_, MAP_FAILED);
  EXPECT_FALSE(IsInMemory(Bytes(0, kBytes)));
  EXPECT_FALSE(IsInMemory(Bytes(100, 101)));
  EXPECT_TRUE(IsInMemory({}));
  BringIntoMemory(Bytes(0, kBytes));
  EXPECT_TRUE(IsInMemory(Bytes(0, kBytes)));
}

TEST_F(ColdReadTest, BringsEveryPageThatHasOneOfTheBytesAndNoOther) {
  ASSERT_NE(at_, MAP_FAILED);
  BringIntoMemory(Bytes(3 * kPage - 1, 5 * kPage + 1));
  EXPECT_TRUE(IsInMemory(Bytes(2 * kPage, 6 * kPage)));
  EXPECT_FALSE(IsInMemory(Bytes(2 * kPage - 1, 2 * kPage)));
  EXPECT_FALSE(IsInMemory(Bytes(6 * kPage, 6 * kPage + 1)));
}

TEST_F(ColdReadTest, OneMissingPageAmongManyIsSeen) {
  ASSERT_NE(at_, MAP_FAILED);
  BringIntoMemory(Bytes(0, kBytes - kPage));
  EXPECT_TRUE(IsInMemory(Bytes(0, kBytes - kPage)));
  EXPECT_FALSE(IsInMemory(Bytes(0, kBytes)));
}

// A log file of four pieces and a half.
class InWholePiecesTest : public testing::Test {
 protected:
  static constexpr std::int64_t kPiece = ColdRead::kPieceBytes, kFile = 4 * kPiece + kPiece / 2;

  InWholePiecesTest() {
    const std::string zeros(kFile, '\0');
    const Slice part = zeros;
    EXPECT_TRUE(disk_.MakeDirectories("/store").ok());
    auto file = disk_.Open("/store/log", FileSystem::Mode::kOpenOrCreate).Take();
    EXPECT_TRUE(file->WriteAt(0, {&part, 1}).ok());
    segment_ = store::Segment::Open(disk_, "/store/log", 7 * kFile).Take();
  }
  // Where what is read for the bytes `from` to `to` of the file ends.
  std::int64_t EndFor(std::int64_t from, std::int64_t to) {
    const Slice bytes = segment_->From(segment_->base() + from, to - from);
    const Slice read = InWholePieces({bytes, segment_, -1, static_cast<std::uint64_t>(from)});
    EXPECT_EQ(read.data(), bytes.data());
    return from + std::ssize(read);
  }

  ManualClock clock_;
  sim::SimDisk disk_{clock_};
  std::shared_ptr<store::Segment> segment_;
};

TEST_F(InWholePiecesTest, ALongExtentIsReadToTheEndOfItsLastPiece) {
  EXPECT_EQ(EndFor(100, kPiece + 100), 2 * kPiece);
  EXPECT_EQ(EndFor(0, kPiece), kPiece);
  EXPECT_EQ(EndFor(kPiece + 1, 3 * kPiece + 1), 4 * kPiece);
}

TEST_F(InWholePiecesTest, AShortExtentIsReadAsItIs) {
  EXPECT_EQ(EndFor(100, 100 + kPiece - 1), 100 + kPiece - 1);
}

TEST_F(InWholePiecesTest, ThereIsNothingBehindTheFile) {
  EXPECT_EQ(EndFor(2 * kPiece, 4 * kPiece + 10), kFile);
}

}  // namespace
}  // namespace comet::broker
