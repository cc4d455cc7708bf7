#include "store/checkpoint.h"

#include <gtest/gtest.h>

#include "test/sim/sim_disk.h"

namespace comet::store {
namespace {

constexpr const char* kCheckpoint = "checkpoint";

Marks At(std::int64_t flushed, WallMs ms) {
  Marks marks;
  marks.exact = true;
  marks.flushed = marks.dispatched = flushed;
  marks.log_store_ms = marks.queue_store_ms = ms;
  return marks;
}

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() { EXPECT_TRUE(disk_.MakeDirectories("").ok()); }

  Marks Read() { return (*Checkpoint::Open(disk_, kCheckpoint))->marks(); }
  void Write(const Marks& marks) {
    EXPECT_TRUE((*Checkpoint::Open(disk_, kCheckpoint))->Write(marks).ok());
  }
  void Put(std::uint64_t offset, Slice bytes) {
    auto file = disk_.Open(kCheckpoint, FileSystem::Mode::kOpen);
    EXPECT_TRUE((*file)->WriteAt(offset, std::span(&bytes, 1)).ok());
  }

  ManualClock clock_;
  sim::SimDisk disk_{clock_};
};

TEST_F(CheckpointTest, TheLastWriteCounts) {
  EXPECT_FALSE(Read().exact);
  for (int i = 1; i <= 5; ++i) {
    Write(At(1000 * i, 10 * i));
    EXPECT_EQ(Read(), At(1000 * i, 10 * i));
  }
}

// Each sector of a write for itself may be missing after a power cut.
TEST_F(CheckpointTest, AWriteOfWhichAnySectorsAreMissingLeavesTheOneBefore) {
  for (int missing = 0; missing < 8; ++missing) {
    Write(At(1000, 10));
    Write(At(2000, 20));
    const std::string before = disk_.Content(kCheckpoint);
    Write(At(3000, 30));
    for (std::size_t sector = 0; sector < 3; ++sector) {
      if ((missing >> sector & 1) != 0) Put(sector * 512, Slice(before).substr(sector * 512, 512));
    }
    const Marks marks = Read();
    EXPECT_TRUE(marks.exact) << missing;
    EXPECT_TRUE(marks.flushed == 2000 || marks.flushed == 3000) << missing;
    Write(At(4000, 40));
    EXPECT_EQ(Read(), At(4000, 40));
    ASSERT_TRUE(disk_.Remove(kCheckpoint).ok());
  }
}

TEST_F(CheckpointTest, MarksOfAStoreThatSomebodySetBackDoNotCount) {
  Write(At(1000, 10));
  Write(At(2000, 20));
  char earlier[8];
  PutI64(earlier, 5);
  Put(0, Slice(earlier, sizeof(earlier)));
  EXPECT_FALSE(Read().exact);
  EXPECT_EQ(Read().log_store_ms, 5);
  Write(At(500, 6));
  EXPECT_EQ(Read().flushed, 500);
}

}  // namespace
}  // namespace comet::store
