#include "broker/namesrv_list.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "test/base/temp_directory.h"

namespace comet::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NamesrvAddresses, AreReadOnceEach) {
  EXPECT_THAT(ParseAddresses("a:9876;b:9876"), ElementsAre("a:9876", "b:9876"));
  EXPECT_THAT(ParseAddresses(" a:1 ; ;b:2,a:1,"), ElementsAre("a:1", "b:2"));
  EXPECT_THAT(ParseAddresses(""), IsEmpty());
}

TEST(NamesrvAddresses, AreThoseThatCouldBeDialled) {
  for (const char* text :
       {"", "a:9876", "ns-1.example.com:9876;10.0.0.1:1", "[::1]:9876", " a:1 ;"}) {
    EXPECT_TRUE(CheckAddresses(text).ok()) << text;
  }
  for (const char* text : {"banana", "a:0", "a:65536", "a:x", ":1", "a:1;b", "http://a:1", "a b:1",
                           "a/b:1", "[x]y:1"}) {
    EXPECT_FALSE(CheckAddresses(text).ok()) << text;
  }
}

class NamesrvListTest : public testing::Test {
 protected:
  NamesrvListTest() {
    config_.namesrv_addr = "first:1";
    config_.namesrv_addr_file = directory_ / "namesrv";
  }
  void Write(const std::string& text) {
    ASSERT_TRUE(WriteFileAtomically(files_, config_.namesrv_addr_file, text).ok());
  }

  TempDirectory directory_;
  PosixFileSystem files_;
  BrokerConfig config_;
  NamesrvList list_{files_};
};

TEST_F(NamesrvListTest, IsThatOfTheSettingWhileThereIsNoFile) {
  EXPECT_THAT(list_.Read(config_), ElementsAre("first:1"));
  config_.namesrv_addr_file.clear();
  config_.namesrv_addr = "second:2;third:3";
  EXPECT_THAT(list_.Read(config_), ElementsAre("second:2", "third:3"));
}

TEST_F(NamesrvListTest, IsThatOfTheFileByLineAndBySeparator) {
  Write("# the old ones\na:1;b:2\r\n\n  c:3  # and one more\n");
  EXPECT_THAT(list_.Read(config_), ElementsAre("a:1", "b:2", "c:3"));
}

TEST_F(NamesrvListTest, StaysWhenTheFileGoesOrTurnsBad) {
  Write("a:1\n");
  EXPECT_THAT(list_.Read(config_), ElementsAre("a:1"));
  for (const std::string bad : {"", "# nothing\n", "a:1\nbanana\n", "b:99999", "\x01\x02"}) {
    Write(bad);
    EXPECT_THAT(list_.Read(config_), ElementsAre("a:1")) << bad;
  }
  Write(std::string(1 << 20, 'a'));
  EXPECT_THAT(list_.Read(config_), ElementsAre("a:1"));
  std::filesystem::remove(config_.namesrv_addr_file);
  EXPECT_THAT(list_.Read(config_), ElementsAre("a:1"));
  Write("b:2\n");
  EXPECT_THAT(list_.Read(config_), ElementsAre("b:2"));
}

}  // namespace
}  // namespace comet::broker
