#include "remoting/base/unreadable_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "test/base/temp_directory.h"

namespace comet {
namespace {

constexpr std::size_t kPages = 8;

// A page behind the end of a cut file fails as one on a bad sector does.
class UnreadablePagesTest : public testing::Test {
 protected:
  UnreadablePagesTest() {
    const std::string text(kPages * page_, 'x');
    const Slice part = text;
    EXPECT_TRUE(file_->WriteAt(0, std::span(&part, 1)).ok());
    mapping_ = file_->Map().Take();
  }
  char At(std::size_t position) const { return mapping_->bytes()[position]; }
  void Cut(std::size_t pages) { EXPECT_TRUE(file_->Truncate(pages * page_).ok()); }

  const std::size_t page_ = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  TempDirectory directory_;
  PosixFileSystem fs_;
  std::unique_ptr<File> file_ = fs_.Open(directory_ / "log", FileSystem::Mode::kCreate).Take();
  std::shared_ptr<Mapping> mapping_;
};

TEST_F(UnreadablePagesTest, ReadAsZerosAndAreKnownOnceTouched) {
  Cut(1);
  EXPECT_FALSE(mapping_->Unreadable(0, kPages * page_)) << "nobody has touched them";
  EXPECT_EQ(At(page_ + 5), '\0');
  EXPECT_EQ(At(2 * page_ - 1), '\0');
  EXPECT_EQ(At(page_ - 1), 'x');
  EXPECT_TRUE(mapping_->Unreadable(page_, 1));
  EXPECT_TRUE(mapping_->Unreadable(page_ - 1, 2));
  EXPECT_TRUE(mapping_->Unreadable(2 * page_ - 1, 1));
  EXPECT_FALSE(mapping_->Unreadable(0, page_));
  EXPECT_FALSE(mapping_->Unreadable(2 * page_, page_));
  EXPECT_FALSE(mapping_->Unreadable(page_, 0));
}

TEST_F(UnreadablePagesTest, AreAllFoundByTouchingARangeWhereverItBegins) {
  Cut(1);
  TouchPages(mapping_->bytes().substr(page_ - 1, 2 * page_ + 1));  // the last of 0, 1 and 2
  EXPECT_TRUE(mapping_->Unreadable(page_, page_));
  EXPECT_TRUE(mapping_->Unreadable(2 * page_, page_));
  EXPECT_FALSE(mapping_->Unreadable(3 * page_, page_));
  TouchPages(mapping_->bytes().substr(4 * page_ - 1, 2));
  EXPECT_TRUE(mapping_->Unreadable(3 * page_, page_));
  EXPECT_TRUE(mapping_->Unreadable(4 * page_, page_));
  TouchPages(mapping_->bytes().substr(6 * page_, 0));
  EXPECT_FALSE(mapping_->Unreadable(5 * page_, 3 * page_));
}

TEST_F(UnreadablePagesTest, StopNoneOfTheThreadsThatMeetThem) {
  Cut(0);
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([this] { TouchPages(mapping_->bytes()); });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t page = 0; page < kPages; ++page) {
    EXPECT_TRUE(mapping_->Unreadable(page * page_, page_)) << page;
  }
}

TEST_F(UnreadablePagesTest, AreForgottenWithTheirMapping) {
  Cut(0);
  TouchPages(mapping_->bytes());
  mapping_.reset();
  ASSERT_TRUE(file_->Truncate(kPages * page_).ok());
  mapping_ = file_->Map().Take();  // most likely at the same addresses
  TouchPages(mapping_->bytes());
  EXPECT_FALSE(mapping_->Unreadable(0, kPages * page_));
}

using UnreadablePagesDeathTest = UnreadablePagesTest;

TEST_F(UnreadablePagesDeathTest, OfMappingsThatNobodyWatchesEndTheProcessAsBefore) {
  void* const other = ::mmap(nullptr, page_, PROT_READ, MAP_SHARED, file_->descriptor(), 0);
  ASSERT_NE(other, MAP_FAILED);
  Cut(0);
  EXPECT_DEATH(TouchPages({static_cast<const char*>(other), 1}), "");
  ::munmap(other, page_);
}

TEST_F(UnreadablePagesDeathTest, ASignalThatSomebodySendsEndsTheProcessAsBefore) {
  EXPECT_DEATH(::raise(SIGBUS), "");
}

}  // namespace
}  // namespace comet
