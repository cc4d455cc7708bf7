#include "broker/cold_read.h"

#include <sys/mman.h>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace comet::broker
