#include "test/sim/sim_disk.h"

#include <gtest/gtest.h>

#include "remoting/base/clock.h"

namespace comet::sim {
namespace {

class SimDiskTest : public testing::Test {
 protected:
  SimDiskTest() { EXPECT_TRUE(disk_.MakeDirectories("d").ok()); }

  std::unique_ptr<File> Open(const std::string& path) {
    return disk_.Open(path, FileSystem::Mode::kOpenOrCreate).Take();
  }
  static Status Write(File& file, std::uint64_t offset, Slice bytes) {
    return file.WriteAt(offset, std::span(&bytes, 1));
  }
  static Fault At(Fault::Op op, std::int64_t number, Fault::Kind kind) {
    return {op, number, kind};
  }

  ManualClock clock_;
  SimDisk disk_{clock_, 7};
};

TEST_F(SimDiskTest, KeepsWhatWasSyncedThroughACrash) {
  auto file = Open("d/a");
  ASSERT_TRUE(Write(*file, 0, "kept").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(disk_.SyncDirectory("d").ok());
  file.reset();
  disk_.Crash();
  disk_.Restart();
  EXPECT_EQ(disk_.Content("d/a"), "kept");
}

TEST_F(SimDiskTest, LosesSomeUnsyncedSectorsAndKeepsOthers) {
  auto file = Open("d/a");
  ASSERT_TRUE(file->Allocate(64 * 512).ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(disk_.SyncDirectory("d").ok());
  ASSERT_TRUE(Write(*file, 0, std::string(64 * 512, 'x')).ok());
  file.reset();
  disk_.Crash();
  disk_.Restart();
  int kept = 0;
  const std::string content = disk_.Content("d/a");
  for (int i = 0; i < 64; ++i) {
    const std::string sector = content.substr(static_cast<std::size_t>(i) * 512, 512);
    ASSERT_TRUE(sector == std::string(512, 'x') || sector == std::string(512, '\0'));
    kept += sector[0] == 'x' ? 1 : 0;
  }
  EXPECT_GT(kept, 0);
  EXPECT_LT(kept, 64);
}

TEST_F(SimDiskTest, ASyncedDirectoryKeepsARenameWhateverTheSeed) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SimDisk disk(clock_, seed);
    ASSERT_TRUE(disk.MakeDirectories("d/e").ok());
    auto file = disk.Open("d/e/a", FileSystem::Mode::kCreate).Take();
    ASSERT_TRUE(Write(*file, 0, "x").ok());
    ASSERT_TRUE(file->Sync().ok());
    file.reset();
    ASSERT_TRUE(disk.Rename("d/e/a", "d/b").ok());
    ASSERT_TRUE(disk.SyncDirectory("d").ok());
    disk.Crash();
    disk.Restart();
    EXPECT_EQ(disk.Content("d/b"), "x");
  }
}

TEST_F(SimDiskTest, TheWriteThatIsToFailFailsAlone) {
  auto file = Open("d/a");
  disk_.Inject(At(Fault::Op::kWrite, 2, Fault::Kind::kFail));
  EXPECT_TRUE(Write(*file, 0, "1").ok());
  EXPECT_EQ(Write(*file, 1, "2").code(), Status::Code::kIo);
  EXPECT_TRUE(Write(*file, 1, "3").ok());
  EXPECT_EQ(disk_.Content("d/a"), "13");
}

TEST_F(SimDiskTest, ATornWriteLeavesAPrefixAndAnError) {
  auto file = Open("d/a");
  disk_.Inject(At(Fault::Op::kWrite, 1, Fault::Kind::kTear));
  EXPECT_EQ(Write(*file, 0, "0123456789").code(), Status::Code::kIo);
  const std::string content = disk_.Content("d/a");
  EXPECT_EQ(content, std::string("0123456789").substr(0, content.size()));
}

TEST_F(SimDiskTest, AFailedSyncPoisonsTheFile) {
  auto file = Open("d/a");
  disk_.Inject(At(Fault::Op::kSync, 1, Fault::Kind::kFail));
  ASSERT_TRUE(Write(*file, 0, "x").ok());
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(Write(*file, 0, "y").ok());
}

TEST_F(SimDiskTest, WhatAFailedSyncLostIsNotSavedByTheNextOne) {
  auto file = Open("d/a");
  ASSERT_TRUE(Write(*file, 0, "old").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(disk_.SyncDirectory("d").ok());
  ASSERT_TRUE(Write(*file, 0, "new").ok());
  disk_.Inject(At(Fault::Op::kSync, 1, Fault::Kind::kFail));
  EXPECT_FALSE(file->Sync().ok());
  auto again = Open("d/a");
  EXPECT_TRUE(again->Sync().ok());
  file.reset();
  again.reset();
  EXPECT_EQ(disk_.Content("d/a"), "new");  // until the power goes
  disk_.Crash();
  disk_.Restart();
  EXPECT_EQ(disk_.Content("d/a"), "old");
}

TEST_F(SimDiskTest, NothingWorksBetweenCrashAndRestart) {
  auto file = Open("d/a");
  disk_.Inject(At(Fault::Op::kWrite, 1, Fault::Kind::kCrashAfter));
  EXPECT_TRUE(Write(*file, 0, "x").ok());
  EXPECT_TRUE(disk_.crashed());
  EXPECT_FALSE(Write(*file, 0, "y").ok());
  EXPECT_FALSE(disk_.List("d").ok());
  disk_.Restart();
  EXPECT_TRUE(disk_.List("d").ok());
  EXPECT_FALSE(Write(*file, 0, "z").ok());  // opened in the former life
}

TEST_F(SimDiskTest, AFullDiskRefusesGrowthAndNothingElse) {
  disk_.SetCapacity(1024);
  auto file = Open("d/a");
  ASSERT_TRUE(file->Allocate(1024).ok());
  EXPECT_EQ(Open("d/b")->Allocate(1).code(), Status::Code::kFull);
  EXPECT_TRUE(Write(*file, 1000, "inside").ok());
  EXPECT_EQ(disk_.Space("d")->free_bytes, 0U);
}

TEST_F(SimDiskTest, AMappingShowsLaterWrites) {
  auto file = Open("d/a");
  ASSERT_TRUE(file->Allocate(16).ok());
  auto mapping = file->Map().Take();
  ASSERT_TRUE(Write(*file, 3, "seen").ok());
  EXPECT_EQ(mapping->bytes().substr(3, 4), "seen");
}

TEST_F(SimDiskTest, OneHolderOfALock) {
  auto held = disk_.Lock("d/lock");
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(disk_.Lock("d/lock").error().code(), Status::Code::kUnavailable);
  { const auto gone = held.Take(); }
  EXPECT_TRUE(disk_.Lock("d/lock").ok());
}

}  // namespace
}  // namespace comet::sim
