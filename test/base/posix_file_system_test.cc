#include "remoting/base/posix_file_system.h"

#include <sys/resource.h>

#include <csignal>

#include <gtest/gtest.h>

#include "test/base/temp_directory.h"

namespace comet {
namespace {

class PosixFileSystemTest : public testing::Test {
 protected:
  PosixFileSystemTest() {}

  std::string Path(const std::string& name) const { return directory_ / name; }
  std::unique_ptr<File> Create(const std::string& name) {
    return fs_.Open(Path(name), FileSystem::Mode::kCreate).Take();
  }
  static Status Write(File& file, std::uint64_t offset, Slice bytes) {
    return file.WriteAt(offset, std::span(&bytes, 1));
  }

  TempDirectory directory_;
  PosixFileSystem fs_;
};

TEST_F(PosixFileSystemTest, WritesPartsBehindEachOther) {
  const auto file = Create("log");
  std::vector<std::string> texts;
  std::string expected = "head";
  for (int i = 0; i < 200; ++i) {  // more than one call takes, empty parts between
    texts.push_back(i % 3 == 0 ? "" : std::to_string(i) + ";");
    expected += texts.back();
  }
  const std::vector<Slice> parts(texts.begin(), texts.end());
  ASSERT_TRUE(Write(*file, 0, "head").ok());
  ASSERT_TRUE(file->WriteAt(4, parts).ok());
  EXPECT_EQ(*ReadFile(fs_, Path("log"), 1 << 20), expected);
}

TEST_F(PosixFileSystemTest, ReadsLessOnlyAtTheEnd) {
  const auto file = Create("log");
  ASSERT_TRUE(Write(*file, 0, "0123456789").ok());
  char buffer[8];
  EXPECT_EQ(*file->ReadAt(0, buffer), 8U);
  EXPECT_EQ(*file->ReadAt(6, buffer), 4U);
  EXPECT_EQ(std::string(buffer, 4), "6789");
  EXPECT_EQ(*file->ReadAt(10, buffer), 0U);
}

TEST_F(PosixFileSystemTest, AllocatesZerosAndBlocksWithoutLosingContent) {
  const auto file = Create("log");
  ASSERT_TRUE(Write(*file, 0, "abc").ok());
  ASSERT_TRUE(file->Allocate(1 << 20).ok());
  EXPECT_EQ(*file->Size(), 1U << 20);
  ASSERT_TRUE(file->Allocate(16).ok());  // never shrinks
  EXPECT_EQ(*file->Size(), 1U << 20);
  const auto content = ReadFile(fs_, Path("log"), 1 << 20);
  EXPECT_EQ(*content, "abc" + std::string((1 << 20) - 3, '\0'));
}

TEST_F(PosixFileSystemTest, AFailedWriteOrAllocationNamesPathAndReason) {
  // A limit on the size of files stands for a full disk: both make the kernel refuse.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  const auto file = Create("log");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status written = Write(*file, 4096, "x");
  const Status allocated = file->Allocate(1 << 20);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(written.code(), Status::Code::kIo);
  EXPECT_EQ(written.message(), "write " + Path("log") + ": File too large");
  EXPECT_EQ(allocated.message(), "allocate " + Path("log") + ": File too large");
  EXPECT_EQ(*file->Size(), 0U);
}

TEST_F(PosixFileSystemTest, AFullDeviceIsFull) {
  const auto full = fs_.Open("/dev/full", FileSystem::Mode::kOpen).Take();
  const Status status = Write(*full, 0, "x");
  EXPECT_EQ(status.code(), Status::Code::kFull);
  EXPECT_EQ(status.message(), "write /dev/full: No space left on device");
}

TEST_F(PosixFileSystemTest, WithoutADescriptorNothingIsOpenedForNow) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto file = fs_.Open(Path("new"), FileSystem::Mode::kCreate);
  const Status synced = fs_.SyncDirectory(Path(""));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code(), Status::Code::kUnavailable);
  EXPECT_EQ(synced.code(), Status::Code::kUnavailable);
}

TEST_F(PosixFileSystemTest, AFailedSyncPoisonsTheFile) {
  const auto file = fs_.Open("/dev/null", FileSystem::Mode::kOpen).Take();  // cannot be synced
  ASSERT_TRUE(Write(*file, 0, "x").ok());
  EXPECT_EQ(file->Sync().message(), "sync /dev/null: Invalid argument");
  EXPECT_EQ(Write(*file, 0, "x").code(), Status::Code::kIo);
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(file->Allocate(1).ok());
}

TEST_F(PosixFileSystemTest, MappingsShowWhatIsWrittenAndOutliveTheFile) {
  auto file = Create("log");
  ASSERT_TRUE(file->Allocate(4096).ok());
  const auto mapping = file->Map().Take();
  ASSERT_TRUE(Write(*file, 0, "seen").ok());
  file.reset();
  ASSERT_TRUE(fs_.Remove(Path("log")).ok());
  EXPECT_EQ(mapping->bytes().substr(0, 4), "seen");
  EXPECT_EQ(mapping->bytes().size(), 4096U);
}

TEST_F(PosixFileSystemTest, AnEmptyFileCanBeMapped) {
  EXPECT_EQ(Create("log")->Map().Take()->bytes().size(), 0U);
}

TEST_F(PosixFileSystemTest, OpeningObeysTheMode) {
  EXPECT_EQ(fs_.Open(Path("a"), FileSystem::Mode::kOpen).error().code(), Status::Code::kNotFound);
  EXPECT_TRUE(fs_.Open(Path("a"), FileSystem::Mode::kOpenOrCreate).ok());
  EXPECT_EQ(fs_.Open(Path("a"), FileSystem::Mode::kCreate).error().message(),
            "open " + Path("a") + ": File exists");
  EXPECT_TRUE(fs_.Open(Path("a"), FileSystem::Mode::kOpen).ok());
}

TEST_F(PosixFileSystemTest, DirectoriesAreMadeListedAndCleared) {
  ASSERT_TRUE(fs_.MakeDirectories(Path("x/y//z")).ok());
  ASSERT_TRUE(fs_.MakeDirectories(Path("x/y/z")).ok());
  Create("x/b");
  Create("x/a");
  EXPECT_EQ(*fs_.List(Path("x")), (std::vector<std::string>{"a", "b", "y"}));
  EXPECT_EQ(fs_.List(Path("none")).error().code(), Status::Code::kNotFound);
  ASSERT_TRUE(fs_.Rename(Path("x/a"), Path("x/b")).ok());
  EXPECT_FALSE(*fs_.Exists(Path("x/a")));
  EXPECT_TRUE(*fs_.Exists(Path("x/b")));
  EXPECT_FALSE(fs_.Remove(Path("x/y")).ok());  // not empty
  EXPECT_TRUE(fs_.Remove(Path("x/y/z")).ok());
  EXPECT_TRUE(fs_.SyncDirectory(Path("x")).ok());
  EXPECT_GT(*fs_.ModifiedMs(Path("x/b")), 1'600'000'000'000);
  EXPECT_FALSE(fs_.MakeDirectories(Path("x/b/c")).ok());  // a file is in the way
}

TEST_F(PosixFileSystemTest, MakesOneDirectoryWhoseParentIsThere) {
  EXPECT_TRUE(fs_.MakeDirectory(Path("one")).ok());
  EXPECT_TRUE(fs_.MakeDirectory(Path("one")).ok());
  EXPECT_EQ(fs_.MakeDirectory(Path("no/one")).code(), Status::Code::kNotFound);
  Create("file");
  EXPECT_FALSE(fs_.MakeDirectory(Path("file")).ok());
}

TEST_F(PosixFileSystemTest, SyncsTheWholeFileSystemOfADirectory) {
  EXPECT_TRUE(fs_.SyncAll(directory_.path()).ok());
  EXPECT_EQ(fs_.SyncAll(Path("none")).code(), Status::Code::kNotFound);
}

TEST_F(PosixFileSystemTest, SpaceIsThatOfAnOrdinaryUser) {
  const auto space = fs_.Space(directory_.path()).Take();
  EXPECT_GT(space.total_bytes, 0U);
  EXPECT_LE(space.free_bytes, space.total_bytes);
}

TEST_F(PosixFileSystemTest, ALockIsHeldOnce) {
  auto first = fs_.Lock(Path("lock"));
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(fs_.Lock(Path("lock")).error().code(), Status::Code::kUnavailable);
  first.Take().reset();
  EXPECT_TRUE(fs_.Lock(Path("lock")).ok());
}

TEST_F(PosixFileSystemTest, FilesAreReplacedAtomically) {
  ASSERT_TRUE(WriteFileAtomically(fs_, Path("kv.json"), "old and long").ok());
  ASSERT_TRUE(WriteFileAtomically(fs_, Path("kv.json"), "new").ok());
  EXPECT_EQ(*ReadFile(fs_, Path("kv.json"), 100), "new");
  EXPECT_EQ(*fs_.List(directory_.path()), std::vector<std::string>{"kv.json"});
  EXPECT_EQ(ReadFile(fs_, Path("kv.json"), 2).error().code(), Status::Code::kInvalid);
}

}  // namespace
}  // namespace comet
