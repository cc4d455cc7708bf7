#include "sdk/src/offset_file.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet::client {
namespace {

using testing::HasSubstr;

class OffsetFileTest : public testing::Test {
 protected:
  OffsetFileTest() { path_ = directory_ / "group/offsets.json"; }

  static void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
  }

  const Queue queue_{"orders", "broker-a", 1};
  PosixFileSystem files_;
  TempDirectory directory_;
  std::string path_;
};

TEST_F(OffsetFileTest, KeepsOffsetsAsJavaWritesThem) {
  OffsetFile file(files_, path_);
  ASSERT_TRUE(file.Load().ok());
  EXPECT_EQ(file.Find(queue_), std::nullopt);
  file.Put(queue_, 42);
  ASSERT_TRUE(file.Save().ok());
  EXPECT_EQ(ReadWholeFile(path_),
            R"({"offsetTable":{{"brokerName":"broker-a","queueId":1,"topic":"orders"}:42}})");
  OffsetFile again(files_, path_);
  ASSERT_TRUE(again.Load().ok());
  EXPECT_EQ(again.Find(queue_), 42);
}

TEST_F(OffsetFileTest, FallsBackToTheOneBefore) {
  {
    OffsetFile file(files_, path_);
    file.Put(queue_, 1);
    ASSERT_TRUE(file.Save().ok());
    file.Put(queue_, 2);
    ASSERT_TRUE(file.Save().ok());
  }
  for (const char* damaged :
       {"", "{\"offsetTable\":{", "{\"offsetTable\":{{\"brokerName\":1}:-5}}"}) {
    Write(path_, damaged);
    OffsetFile file(files_, path_);
    const Status loaded = file.Load();
    ASSERT_TRUE(loaded.ok()) << loaded.message();
    EXPECT_EQ(file.Find(queue_), 1) << damaged;
  }
  OffsetFile file(files_, path_);
  ASSERT_TRUE(file.Load().ok());
  file.Put(queue_, 3);
  ASSERT_TRUE(file.Save().ok());
  EXPECT_THAT(ReadWholeFile(path_ + ".bak"), HasSubstr(":1}"))
      << "a damaged file replaces no good one";
}

TEST_F(OffsetFileTest, NamesAFileThatCannotBeRead) {
  Write(path_, "not json");
  Write(path_ + ".bak", "nor this");
  OffsetFile file(files_, path_);
  const Status loaded = file.Load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(loaded.message(), HasSubstr(path_));
}

TEST_F(OffsetFileTest, WithoutAPathIsInMemory) {
  OffsetFile file(files_, "");
  ASSERT_TRUE(file.Load().ok());
  file.Put(queue_, 7);
  EXPECT_TRUE(file.Save().ok());
  EXPECT_EQ(file.Find(queue_), 7);
}

}  // namespace
}  // namespace comet::client
