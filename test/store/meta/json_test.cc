#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "remoting/base/describe_json.h"
#include "remoting/base/posix_file_system.h"
#include "store/meta/json_export.h"
#include "store/meta/json_files.h"
#include "store/meta/json_import.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet::store::meta {
namespace {

class MetaJsonTest : public testing::Test {
 protected:
  MetaJsonTest() {
    std::filesystem::create_directories(directory_ / "config");
    meta_ = MetaStore::Open({directory_ / "meta"}).Take();
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / ("config/" + name), std::ios::binary) << text;
  }
  StatusOr<ImportReport> Import() { return ImportJson(fs_, directory_ / "config", *meta_); }

  TempDirectory directory_;
  PosixFileSystem fs_;
  std::unique_ptr<MetaStore> meta_;
};

TEST_F(MetaJsonTest, ImportsWhatAJavaBrokerWrote) {
  Write("topics.json",
        "{\n\t\"dataVersion\":{\"counter\":2,\"stateVersion\":0,\"timestamp\":17},\n"
        "\t\"topicConfigTable\":{\n\t\t\"T\":{\"attributes\":{},\"order\":false,\"perm\":6,"
        "\"readQueueNums\":8,\"topicFilterType\":\"SINGLE_TAG\",\"topicName\":\"T\","
        "\"topicSysFlag\":0,\"writeQueueNums\":4}\n\t}\n}");
  Write("subscriptionGroup.json",
        R"({"dataVersion":{"counter":1,"timestamp":3},"forbiddenTable":{"g":{"T":1}},)"
        R"("subscriptionGroupTable":{"g":{"groupName":"g","retryMaxTimes":4,"unknown":[1]}}})");
  Write("consumerOffset.json", "{\"offsetTable\":{\"T@g\":{0:12,1:5\n\t\t},\"T@h\":{\"3\":7}}}");
  Write("delayOffset.json", "{\"offsetTable\":{1:100,2:5}}");
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_TRUE(report->imported);
  EXPECT_TRUE(report->notes.empty());
  const auto topics = meta_->Topics();
  ASSERT_EQ(topics->size(), 1U);
  EXPECT_EQ((*topics)[0].read_queues, 8);
  EXPECT_EQ((*topics)[0].write_queues, 4);
  EXPECT_EQ(*meta_->Version(Table::kTopics), (wire::DataVersion{0, 17, 2}));
  EXPECT_EQ((*meta_->Groups())[0].retry_max, 4);
  EXPECT_EQ(*meta_->ForbiddenPulls(), (Forbidden{{"g", {{"T", 1}}}}));
  EXPECT_EQ(*meta_->ConsumerOffsets(),
            (std::vector<ConsumerOffset>{{"g", "T", 0, 12}, {"g", "T", 1, 5}, {"h", "T", 3, 7}}));
  EXPECT_EQ(*meta_->DelayLevelOffsets(), (DelayOffsets{{1, 100}, {2, 5}}));
}

TEST_F(MetaJsonTest, ImportsOnlyIntoAnEmptyStore) {
  ASSERT_TRUE(meta_->PutDelayLevelOffsets({{1, 1}}, {}).ok());
  Write("delayOffset.json", "{\"offsetTable\":{1:100}}");
  EXPECT_FALSE(Import()->imported);
  EXPECT_EQ(*meta_->DelayLevelOffsets(), (DelayOffsets{{1, 1}}));
}

TEST_F(MetaJsonTest, WithoutFilesThereIsNothingToImport) {
  EXPECT_FALSE(Import()->imported);
  EXPECT_TRUE(*meta_->IsEmpty());
}

TEST_F(MetaJsonTest, TakesTheBackupOfAFileThatIsMissingEmptyOrTorn) {
  for (const char* text : {"", "{\"offsetTable\":{1:", "missing"}) {
    meta_.reset();
    std::filesystem::remove_all(directory_ / "meta");
    meta_ = MetaStore::Open({directory_ / "meta"}).Take();
    std::filesystem::remove(directory_ / "config/delayOffset.json");
    if (std::string(text) != "missing") Write("delayOffset.json", text);
    Write("delayOffset.json.bak", "{\"offsetTable\":{1:99}}");
    const auto report = Import();
    ASSERT_TRUE(report.ok()) << text;
    EXPECT_EQ(report->notes.size(), 1U);
    EXPECT_EQ(*meta_->DelayLevelOffsets(), (DelayOffsets{{1, 99}}));
  }
}

TEST_F(MetaJsonTest, AFileThatCannotBeReadInEitherFormImportsNothing) {
  Write("delayOffset.json", "{\"offsetTable\":{1:100}}");
  Write("topics.json", "{\"topicConfigTable\":");
  const auto report = Import();
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code(), Status::Code::kCorruption);
  EXPECT_NE(report.error().message().find("topics.json"), std::string::npos);
  EXPECT_TRUE(*meta_->IsEmpty());
}

TEST_F(MetaJsonTest, LeavesOutNamesThatLeadOutOfTheStore) {
  Write("topics.json", R"({"topicConfigTable":{"../x":{"perm":6},"ok":{"perm":6}}})");
  Write("consumerOffset.json", R"({"offsetTable":{"a/b@g":{0:1},"nogroup":{0:1},"t@g":{0:1}}})");
  const auto report = Import();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->notes.size(), 3U);
  EXPECT_EQ(meta_->Topics()->size(), 1U);
  EXPECT_EQ(meta_->ConsumerOffsets()->size(), 1U);
}

TEST_F(MetaJsonTest, LeavesOutOffsetsOfQueuesThatCannotBe) {
  Write("consumerOffset.json", R"({"offsetTable":{"t@g":{"-1":5,"0":3,"65535":4,"65536":7}}})");
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report->consumer_offsets, 2U);
  ASSERT_EQ(report->notes.size(), 2U);
  EXPECT_NE(report->notes[0].find("t@g"), std::string::npos);
  EXPECT_NE(report->notes[0].find("queue -1"), std::string::npos);
  EXPECT_NE(report->notes[1].find("queue 65536"), std::string::npos);
  EXPECT_EQ(*meta_->ConsumerOffsets(),
            (std::vector<ConsumerOffset>{{"g", "t", 0, 3}, {"g", "t", 65535, 4}}));
}

TEST_F(MetaJsonTest, LeavesOutTopicsWithMoreQueuesThanThereAreIds) {
  Write("topics.json", R"({"topicConfigTable":{"read":{"readQueueNums":2147483647},)"
                       R"("write":{"writeQueueNums":65537},"full":{"readQueueNums":65536}}})");
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report->topics, 1U);
  ASSERT_EQ(report->notes.size(), 2U);
  EXPECT_NE(report->notes[0].find("read"), std::string::npos);
  EXPECT_NE(report->notes[1].find("write"), std::string::npos);
  EXPECT_EQ((*meta_->Topics())[0].name, "full");
}

TEST_F(MetaJsonTest, WhatIsExportedCanBeImportedAgain) {
  MetaContent content;
  content.topics.resize(2);
  content.topics[0].name = "A";
  content.topics[1].name = "B";
  content.topics[1].attributes = {{"k", "v"}};
  content.groups.resize(1);
  content.groups[0].name = "g";
  content.groups[0].subscriptions = {{"t", "TAG", "a||b", 3}};
  content.forbidden = {{"g", {{"A", 1}}}};
  content.consumer_offsets = {{"g", "A", 0, 1}, {"g", "A", 3, 4}};
  content.delay_offsets = {{2, 7}};
  content.versions[Table::kTopics] = {1, 2, 3};
  content.versions[Table::kConsumerOffsets] = {4, 5, 6};
  ASSERT_TRUE(meta_->Replace(content).ok());
  ASSERT_TRUE(ExportJson(fs_, directory_ / "config", *meta_).ok());
  ASSERT_TRUE(ExportJson(fs_, directory_ / "config", *meta_).ok());
  EXPECT_TRUE(std::filesystem::exists(directory_ / "config/topics.json.bak"));

  auto other = MetaStore::Open({directory_ / "other"}).Take();
  ASSERT_TRUE(ImportJson(fs_, directory_ / "config", *other).ok());
  EXPECT_EQ(*other->Topics(), content.topics);
  EXPECT_EQ(*other->Groups(), content.groups);
  EXPECT_EQ(*other->ForbiddenPulls(), content.forbidden);
  EXPECT_EQ(*other->ConsumerOffsets(), content.consumer_offsets);
  EXPECT_EQ(*other->DelayLevelOffsets(), content.delay_offsets);
  EXPECT_EQ(*other->Version(Table::kTopics), (wire::DataVersion{1, 2, 3}));
  EXPECT_EQ(*other->Version(Table::kConsumerOffsets), (wire::DataVersion{4, 5, 6}));
}

TEST_F(MetaJsonTest, WritesIntegerKeysAsFastjsonDoes) {
  ASSERT_TRUE(meta_->PutDelayLevelOffsets({{1, 100}}, {}).ok());
  ASSERT_TRUE(ExportJson(fs_, directory_ / "config", *meta_).ok());
  EXPECT_NE(ReadWholeFile(directory_ / "config/delayOffset.json").find("{1:100}"),
            std::string::npos);
}

}  // namespace
}  // namespace comet::store::meta
