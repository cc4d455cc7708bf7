#include "remoting/base/config_file.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "remoting/base/rocketmq_keys.h"
#include "test/base/temp_directory.h"

namespace comet {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;

enum class FlushDiskType : std::uint8_t { kSync, kAsync };
constexpr auto NamesOf(FlushDiskType /*type*/) {
  return std::array{"SYNC_FLUSH"sv, "ASYNC_FLUSH"sv};
}

struct StoreSettings {
  std::string root = "store";
  std::int32_t reserved_hours = 72;
  std::int64_t file_bytes = 1 << 30;
  bool warm = false;
  double ratio = 0.5;
  FlushDiskType flush = FlushDiskType::kAsync;

  static constexpr auto Settings() {
    using C = StoreSettings;
    return Declaration{
        S(&C::root, "storePathRootDir", When::kStart, "Directory."),
        S(&C::reserved_hours, "fileReservedTime", When::kLive, "Hours.", Between{1, 24 * 365}),
        S(&C::file_bytes, "mappedFileSizeCommitLog", When::kStart, "Bytes."),
        S(&C::warm, "warmMapedFileEnable", When::kLive, "Touch pages."),
        S(&C::ratio, "accessMessageInMemoryMaxRatio", When::kLive, "Share.", Between{0, 1}),
        S(&C::flush, "flushDiskType", When::kStart, "When a send is answered.")};
  }
  Status Check() const {
    if (root.empty()) return {Status::Code::kInvalid, "storePathRootDir must not be empty"};
    if (reserved_hours == 13 && warm) {
      return {Status::Code::kInvalid, "fileReservedTime: must not be 13 with warmMapedFileEnable"};
    }
    return {};
  }
};

struct OtherSettings {
  std::string root = "other";
  std::string name;
  static constexpr auto Settings() {
    using C = OtherSettings;
    return Declaration{S(&C::root, "storePathRootDir", When::kStart, "Directory."),
                       S(&C::name, "brokerName", When::kStart, "Name.")};
  }
};

class ConfigFileTest : public testing::Test {
 protected:
  StatusOr<ConfigReport> Apply(std::string_view text) {
    return ApplyConfig(ParseJavaProperties(text, "broker.conf").Take(), parts_);
  }
  std::string ErrorOf(std::string_view text) { return Apply(text).error().message(); }
  ConfigChange Change(std::string_view text) {
    return ChangeConfig(ParseJavaProperties(text, "request").Take(), parts_);
  }

  StoreSettings store_;
  OtherSettings other_;
  std::vector<ConfigPart> parts_{PartOf(store_), PartOf(other_)};
};

TEST_F(ConfigFileTest, SetsEveryKindOfValue) {
  const auto report = Apply(
      "# a comment\n"
      "storePathRootDir = /data \n"
      "fileReservedTime:48  \n"
      "mappedFileSizeCommitLog 9007199254740993\n"
      "warmMapedFileEnable=TRUE\n"
      "accessMessageInMemoryMaxRatio=0.25\n"
      "flushDiskType=SYNC_FLUSH\n");
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(store_.root, "/data");
  EXPECT_EQ(other_.root, "/data");  // declared by both
  EXPECT_EQ(store_.reserved_hours, 48);
  EXPECT_EQ(store_.file_bytes, 9007199254740993);
  EXPECT_TRUE(store_.warm);
  EXPECT_EQ(store_.ratio, 0.25);
  EXPECT_EQ(store_.flush, FlushDiskType::kSync);
}

TEST_F(ConfigFileTest, TheLastOfTwoLinesCounts) {
  ASSERT_TRUE(Apply("brokerName=a\nbrokerName=b").ok());
  EXPECT_EQ(other_.name, "b");
}

TEST_F(ConfigFileTest, ABadValueIsToldWithFileLineKeyAndRange) {
  EXPECT_EQ(ErrorOf("\nfileReservedTime=0"),
            "broker.conf:2: fileReservedTime: \"0\" is not allowed; allowed is a whole number "
            "from 1 to 8760");
  EXPECT_EQ(ErrorOf("fileReservedTime=48h"),
            "broker.conf:1: fileReservedTime: \"48h\" is not allowed; allowed is a whole number "
            "from 1 to 8760");
  EXPECT_EQ(ErrorOf("flushDiskType=sometimes"),
            "broker.conf:1: flushDiskType: \"sometimes\" is not allowed; allowed is one of "
            "SYNC_FLUSH, ASYNC_FLUSH");
  EXPECT_EQ(ErrorOf("warmMapedFileEnable=yes"),
            "broker.conf:1: warmMapedFileEnable: \"yes\" is not allowed; allowed is true or false");
  EXPECT_EQ(ErrorOf("accessMessageInMemoryMaxRatio=nan"),
            "broker.conf:1: accessMessageInMemoryMaxRatio: \"nan\" is not allowed; allowed is a "
            "number from 0 to 1");
  EXPECT_EQ(ErrorOf("brokerName"), "broker.conf:1: brokerName: has no value");
}

TEST_F(ConfigFileTest, EveryBadLineIsTold) {
  EXPECT_EQ(ErrorOf("fileReservedTime=x\nbrokerNmae=b\n"),
            "broker.conf:1: fileReservedTime: \"x\" is not allowed; allowed is a whole number "
            "from 1 to 8760\n"
            "broker.conf:2: brokerNmae: unknown key; the nearest is brokerName");
}

TEST_F(ConfigFileTest, AnUnknownKeyStopsAndNamesTheNearest) {
  EXPECT_EQ(ErrorOf("filereservedtime=1"),
            "broker.conf:1: filereservedtime: unknown key; the nearest is fileReservedTime");
  EXPECT_EQ(ErrorOf("serverWorkerThread=1"),
            "broker.conf:1: serverWorkerThread: unknown key; the nearest is serverWorkerThreads");
  EXPECT_EQ(ErrorOf("quiteAnotherWord=1"), "broker.conf:1: quiteAnotherWord: unknown key");
}

TEST_F(ConfigFileTest, KeysOfRocketMqWithoutMeaningAreCollected) {
  const auto report = Apply("serverWorkerThreads=8\nuseEpollNativeSelector=true\n");
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(report->ignored, ElementsAre("serverWorkerThreads", "useEpollNativeSelector"));
  EXPECT_EQ(IgnoredText(*report),
            "settings of RocketMQ that have no meaning here and are ignored: serverWorkerThreads "
            "useEpollNativeSelector");
}

TEST_F(ConfigFileTest, RulesBetweenSettingsAreChecked) {
  EXPECT_EQ(ErrorOf("brokerName=a\nstorePathRootDir="),
            "broker.conf:2: storePathRootDir must not be empty");
  EXPECT_EQ(ErrorOf("storePathRootDir=\nfileReservedTime=7\n#\nstorePathRootDir=\n"),
            "broker.conf:4: storePathRootDir must not be empty")
      << "the last line counts";
}

TEST_F(ConfigFileTest, ARuleThatNamesTwoKeysIsToldWithTheLineThatIsThere) {
  const std::string why = "fileReservedTime: must not be 13 with warmMapedFileEnable";
  EXPECT_EQ(ErrorOf("brokerName=a\nfileReservedTime=13\nwarmMapedFileEnable=true"),
            "broker.conf:2: " + why);
  store_.reserved_hours = 13;  // as an earlier text has said
  EXPECT_EQ(ErrorOf("brokerName=a\nwarmMapedFileEnable=true"),
            "broker.conf:2: warmMapedFileEnable: " + why);
  EXPECT_EQ(ErrorOf("brokerName=a"), "broker.conf: " + why) << "neither is of this text";
}

TEST_F(ConfigFileTest, AChangeThatBreaksARuleIsToldByItsKey) {
  const auto change = Change("warmMapedFileEnable=true\nfileReservedTime=13");
  EXPECT_EQ(change.errors.size(), 1U);
  EXPECT_EQ(change.errors.at("fileReservedTime"), "must not be 13 with warmMapedFileEnable");
}

TEST_F(ConfigFileTest, LoadsAFileAndNamesAMissingOne) {
  const TempDirectory directory;
  PosixFileSystem fs;
  ASSERT_TRUE(WriteFileAtomically(fs, directory / "b.conf", "brokerName=x\n").ok());
  EXPECT_TRUE(LoadConfigFile(fs, directory / "b.conf", parts_).ok());
  EXPECT_EQ(other_.name, "x");
  EXPECT_EQ(LoadConfigFile(fs, directory / "c.conf", parts_).error().message(),
            "open " + directory / "c.conf" + ": No such file or directory");
}

TEST_F(ConfigFileTest, PrintsWhatItReadsBack) {
  const auto text = PrintConfig(parts_);
  EXPECT_EQ(text,
            "accessMessageInMemoryMaxRatio=0.5\n"
            "brokerName=\n"
            "fileReservedTime=72\n"
            "flushDiskType=ASYNC_FLUSH\n"
            "mappedFileSizeCommitLog=1073741824\n"
            "storePathRootDir=store\n"
            "warmMapedFileEnable=false\n");
  EXPECT_TRUE(Apply(text).ok());
  EXPECT_EQ(PrintConfig(std::span(parts_).first(1)).substr(0, 34),
            "accessMessageInMemoryMaxRatio=0.5\n");
}

TEST_F(ConfigFileTest, TheFileFormKeepsBackslashes) {
  ASSERT_TRUE(Apply("brokerName=a\\\\b=c").ok());
  EXPECT_EQ(other_.name, "a\\b=c");
  const auto text = PrintConfig(parts_, ConfigText::kFile);
  other_.name.clear();
  ASSERT_TRUE(Apply(text).ok());
  EXPECT_EQ(other_.name, "a\\b=c");
}

TEST_F(ConfigFileTest, AValueCannotForgeALine) {
  EXPECT_EQ(ErrorOf("brokerName=a\\nfileReservedTime"),
            "broker.conf:1: brokerName: \"a\nfileReservedTime\" is not allowed; allowed is text "
            "without control characters");
}

TEST_F(ConfigFileTest, ATextFullOfErrorsCostsLittle) {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "brokerNmae" + std::to_string(i) + "=x\n";
  const auto errors = ErrorOf(text);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 100);
  EXPECT_NE(errors.find("too many errors, the rest was not read"), std::string::npos);
  EXPECT_EQ(Change(text).errors.size(), 100U);
  EXPECT_FALSE(ParseJavaProperties(std::string(2 << 20, 'a'), "big").ok());
}

TEST_F(ConfigFileTest, AChangeTellsLiveFromRestart) {
  const auto change = Change(
      "fileReservedTime=24\nflushDiskType=SYNC_FLUSH\nwarmMapedFileEnable=false\n"
      "serverWorkerThreads=1\n");
  EXPECT_TRUE(change.errors.empty());
  EXPECT_THAT(change.live, ElementsAre("fileReservedTime"));
  EXPECT_THAT(change.restart, ElementsAre("flushDiskType"));
  EXPECT_THAT(change.ignored, ElementsAre("serverWorkerThreads"));
  EXPECT_EQ(store_.reserved_hours, 24);
}

TEST_F(ConfigFileTest, AChangeReportsEachBadKey) {
  const auto change = Change("fileReservedTime=-1\nbrokerName\nfileReservdTime=2\n");
  EXPECT_EQ(change.errors.size(), 3U);
  EXPECT_EQ(change.errors.at("brokerName"), "has no value");
  EXPECT_EQ(change.errors.at("fileReservdTime"), "unknown key; the nearest is fileReservedTime");
  EXPECT_EQ(store_.reserved_hours, 72);
}

TEST(RocketMqKeys, AreSortedAndKnownByName) {
  const auto keys = RocketMqKeys();
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
  EXPECT_GT(keys.size(), 400U);
  EXPECT_TRUE(IsRocketMqKey("brokerName"));
  EXPECT_FALSE(IsRocketMqKey("brokerNam"));
  EXPECT_FALSE(IsRocketMqKey(""));
}

TEST(Live, ASnapshotOutlivesAChange) {
  Live<StoreSettings> live(StoreSettings{});
  const auto before = live.Get();
  StoreSettings next = *before;
  next.reserved_hours = 1;
  live.Replace(next);
  EXPECT_EQ(before->reserved_hours, 72);
  EXPECT_EQ(live.Get()->reserved_hours, 1);
}

// What the thread sanitizer is for: with std::atomic<std::shared_ptr> of GCC 12 it finds a race.
TEST(Live, AValueMayBeReplacedWhileOthersReadIt) {
  Live<StoreSettings> live(StoreSettings{});
  std::atomic<bool> replaced = false;
  std::thread reader([&] {
    while (!replaced) EXPECT_NE(live.Get(), nullptr);
  });
  for (int i = 0; i < 1000; ++i) live.Replace(*live.Get());
  replaced = true;
  reader.join();
}

}  // namespace
}  // namespace comet
