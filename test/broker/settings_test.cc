#include "broker/settings.h"

#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    file_ = directory_ / "broker.conf";
    std::ofstream(file_) << "# mine\nbrokerName=a\n";
  }

  Settings Make(const std::string& file) {
    return {{files_, clock_, file, live_,
             [this](const store::StoreConfig& config) {
               stores_.push_back(config);
             }},
            *live_.Get(),
            {},
            {}};
  }
  static JavaProperties Lines(std::string_view text) {
    auto lines = ParseJavaProperties(text, "test");
    EXPECT_TRUE(lines.ok());
    return lines.Take();
  }

  PosixFileSystem files_;
  ManualClock clock_;
  Live<BrokerConfig> live_{BrokerConfig{}};
  std::vector<store::StoreConfig> stores_;
  TempDirectory directory_;
  std::string file_;
};

TEST_F(SettingsTest, WhatAppliesAtOnceReachesTheBrokerAndTheFile) {
  auto settings = Make(file_);
  const auto change = settings.Change(Lines("traceOn=false\nfileReservedTime=48\n"));
  ASSERT_TRUE(change.ok());
  EXPECT_THAT(change->errors, IsEmpty());
  EXPECT_THAT(change->live, ElementsAre("traceOn", "fileReservedTime"));
  EXPECT_FALSE(live_.Get()->trace_on);
  ASSERT_EQ(stores_.size(), 1U);
  EXPECT_EQ(stores_[0].reserved_hours, 48);
  EXPECT_EQ(ReadWholeFile(file_), "# mine\nbrokerName=a\nfileReservedTime=48\ntraceOn=false\n");
  EXPECT_EQ(ReadWholeFile(file_ + ".bak"), "# mine\nbrokerName=a\n");
  EXPECT_THAT(settings.Text(), HasSubstr("\nfileReservedTime=48\n"));
  EXPECT_EQ(settings.version().counter, 1);
}

TEST_F(SettingsTest, WhatWaitsForAStartIsKeptAndShownOnly) {
  auto settings = Make(file_);
  const auto change = settings.Change(Lines("brokerName=b\ntraceOn=false\n"));
  ASSERT_TRUE(change.ok());
  EXPECT_THAT(change->restart, ElementsAre("brokerName"));
  EXPECT_EQ(live_.Get()->name, "");
  EXPECT_FALSE(live_.Get()->trace_on);
  EXPECT_EQ(ReadWholeFile(file_), "# mine\nbrokerName=b\ntraceOn=false\n");
  EXPECT_THAT(settings.Text(), HasSubstr("brokerName=b\n"));
}

TEST_F(SettingsTest, ThoseOfTheNetworkAreAmongThem) {
  auto settings = Make(file_);
  EXPECT_THAT(settings.Text(), HasSubstr("\nserverChannelMaxIdleTimeSeconds=120\n"));
  const auto change = settings.Change(Lines("serverChannelMaxIdleTimeSeconds=60\n"));
  ASSERT_TRUE(change.ok());
  EXPECT_THAT(change->restart, ElementsAre("serverChannelMaxIdleTimeSeconds"));
  EXPECT_THAT(settings.Text(), HasSubstr("\nserverChannelMaxIdleTimeSeconds=60\n"));
  EXPECT_EQ(ReadWholeFile(file_), "# mine\nbrokerName=a\nserverChannelMaxIdleTimeSeconds=60\n");
  const auto bad = settings.Change(Lines("netOutputLimitBytes=70000\n"));
  ASSERT_TRUE(bad.ok());
  EXPECT_THAT(bad->errors, testing::SizeIs(1)) << "the rules between them hold too";
}

TEST_F(SettingsTest, OneBadLineChangesNothing) {
  auto settings = Make(file_);
  const auto change =
      settings.Change(Lines("traceOn=false\nbrokerPermission=9\nnoSuchKey=1\nbrokerName\n"));
  ASSERT_TRUE(change.ok());
  EXPECT_EQ(change->errors.size(), 3U);
  EXPECT_THAT(change->errors.at("brokerPermission"), HasSubstr("0 to 6"));
  EXPECT_THAT(change->errors.at("noSuchKey"), HasSubstr("unknown key"));
  EXPECT_THAT(change->errors.at("brokerName"), HasSubstr("has no value"));
  EXPECT_TRUE(live_.Get()->trace_on);
  EXPECT_EQ(ReadWholeFile(file_), "# mine\nbrokerName=a\n");
  EXPECT_EQ(settings.version().counter, 0);
}

TEST_F(SettingsTest, WithoutAFileOnlyWhatAppliesAtOnceMayChange) {
  auto settings = Make("");
  EXPECT_THAT(settings.Change(Lines("traceOn=false"))->errors, IsEmpty());
  EXPECT_FALSE(live_.Get()->trace_on);
  const auto change = settings.Change(Lines("brokerName=b"));
  EXPECT_THAT(change->errors.at("brokerName"), HasSubstr("runs without -c"));
}

TEST_F(SettingsTest, AFileThatCannotBeWrittenChangesNothing) {
  auto settings = Make(directory_ / "none/broker.conf");
  EXPECT_FALSE(settings.Change(Lines("traceOn=false")).ok());
  EXPECT_TRUE(live_.Get()->trace_on);
  EXPECT_THAT(settings.Text(), HasSubstr("\ntraceOn=true\n"));
}

TEST_F(SettingsTest, KeysOfRocketMqWithoutAMeaningAreSaidSo) {
  auto settings = Make(file_);
  const auto change = settings.Change(Lines("sendMessageThreadPoolNums=4"));
  ASSERT_TRUE(change.ok());
  EXPECT_THAT(change->ignored, ElementsAre("sendMessageThreadPoolNums"));
  EXPECT_EQ(ReadWholeFile(file_), "# mine\nbrokerName=a\n");
}

TEST(SettingsFile, KeepsWhatItDoesNotChange) {
  EXPECT_EQ(MergeConfig("# a\n\n a = 1 \nb=2\n!c\n", {{"a", "5"}, {"z", "x\\y"}}),
            "# a\n\na=5\nb=2\n!c\nz=x\\\\y\n");
  EXPECT_EQ(MergeConfig("a=1\\\n 2\\\n 3\nb=1", {{"a", "5"}}), "a=5\nb=1\n");
  EXPECT_EQ(MergeConfig("", {{"a", "1"}}), "a=1\n");
}

}  // namespace
}  // namespace comet::broker
