#include "namesrv/kv_table.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "namesrv/limits.h"
#include "remoting/base/posix_file_system.h"
#include "test/base/temp_directory.h"

namespace comet::namesrv {
namespace {

class KvTableTest : public testing::Test {
 protected:
  std::unique_ptr<KvTable> Open() {
    auto table = KvTable::Open(fs_, path_);
    EXPECT_TRUE(table.ok()) << table.error().message();
    return table.ok() ? table.Take() : nullptr;
  }
  void WriteText(const std::string& text) {
    ASSERT_TRUE(fs_.MakeDirectories(path_.parent_path()).ok());
    ASSERT_TRUE(WriteFileAtomically(fs_, path_, text).ok());
  }

  PosixFileSystem fs_;
  const TempDirectory directory_;
  const std::filesystem::path path_ = directory_ / "namesrv/kvConfig.json";
};

TEST_F(KvTableTest, KeepsWhatWasPutOverARestart) {
  auto table = Open();
  ASSERT_TRUE(table->Put("ORDER_TOPIC_CONFIG", "orders", "broker-a:4").ok());
  ASSERT_TRUE(table->Put("ORDER_TOPIC_CONFIG", "orders", "broker-a:8").ok());
  table = Open();
  EXPECT_EQ(table->Get("ORDER_TOPIC_CONFIG", "orders"), "broker-a:8");
  EXPECT_EQ(*table->List("ORDER_TOPIC_CONFIG"), (KvTable::Namespace{{"orders", "broker-a:8"}}));
}

TEST_F(KvTableTest, ReadsTheFileOfAJavaNameServer) {
  WriteText(R"({"configTable":{"ORDER_TOPIC_CONFIG":{"GoldenAdmOrder":"broker-a:2"}}})");
  EXPECT_EQ(Open()->Get("ORDER_TOPIC_CONFIG", "GoldenAdmOrder"), "broker-a:2");
}

TEST_F(KvTableTest, WritesTheFileAJavaNameServerReads) {
  ASSERT_TRUE(Open()->Put("ns", "k", "v").ok());
  EXPECT_EQ(*ReadFile(fs_, path_, 1000), R"({"configTable":{"ns":{"k":"v"}}})");
}

TEST_F(KvTableTest, RefusesAFileItCannotReadAndNamesIt) {
  WriteText("{\"configTable\":{");
  const auto table = KvTable::Open(fs_, path_);
  ASSERT_FALSE(table.ok());
  EXPECT_NE(table.error().message().find(path_.string()), std::string::npos);
}

TEST_F(KvTableTest, DeletesForGoodAndForgivesAMissingKey) {
  auto table = Open();
  ASSERT_TRUE(table->Put("ns", "k", "v").ok());
  EXPECT_TRUE(table->Delete("ns", "other").ok());
  EXPECT_TRUE(table->Delete("other", "k").ok());
  EXPECT_TRUE(table->Delete("ns", "k").ok());
  table = Open();
  EXPECT_EQ(table->Get("ns", "k"), std::nullopt);
  EXPECT_TRUE(table->List("ns"));  // as in Java, an emptied namespace is still known
  EXPECT_FALSE(table->List("never"));
}

TEST_F(KvTableTest, ShowsNothingThatCouldNotBeWritten) {
  auto table = Open();
  ASSERT_TRUE(table->Put("ns", "k", "v").ok());
  std::filesystem::remove_all(path_.parent_path());
  ASSERT_TRUE(WriteFileAtomically(fs_, path_.parent_path(), "in the way").ok());
  EXPECT_FALSE(table->Put("ns", "k", "w").ok());
  EXPECT_FALSE(table->Delete("ns", "k").ok());
  EXPECT_EQ(table->Get("ns", "k"), "v");
}

TEST_F(KvTableTest, RefusesNamesAndValuesBeyondTheLimits) {
  auto table = Open();
  EXPECT_EQ(table->Put("", "k", "v").code(), Status::Code::kInvalid);
  EXPECT_EQ(table->Put("ns", "a\nb", "v").code(), Status::Code::kInvalid);
  EXPECT_EQ(table->Put("ns", "k", std::string(kKvValueBytesMax + 1, 'v')).code(),
            Status::Code::kInvalid);
  EXPECT_FALSE(table->List("ns"));
}

}  // namespace
}  // namespace comet::namesrv
