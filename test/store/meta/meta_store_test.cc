#include "store/meta/meta_store.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet::store::meta {
namespace {

wire::TopicConfig Topic(const std::string& name) {
  wire::TopicConfig topic;
  topic.name = name;
  topic.read_queues = 7;
  topic.write_queues = 5;
  topic.perm = 2;
  topic.filter_type = wire::TopicFilterType::kMultiTag;
  topic.sys_flag = 3;
  topic.order = true;
  topic.attributes = {{"message.type", "FIFO"}};
  return topic;
}

wire::SubscriptionGroupConfig Group(const std::string& name) {
  wire::SubscriptionGroupConfig group;
  group.name = name;
  group.consume_enable = false;
  group.consume_from_min = false;
  group.consume_broadcast = false;
  group.consume_orderly = true;
  group.retry_queues = 2;
  group.retry_max = 3;
  group.retry_policy.type = wire::RetryPolicyType::kExponential;
  group.retry_policy.exponential = wire::ExponentialRetry{1, 2, 3};
  group.retry_policy.customized = wire::CustomizedRetry{{4, 5}};
  group.broker_id = 8;
  group.broker_when_slow = 9;
  group.notify_changes = false;
  group.sys_flag = 1;
  group.consume_timeout_minutes = 11;
  group.subscriptions = {{"t", "TAG", "*", 12}};
  group.attributes = {{"a", "b"}};
  return group;
}

class MetaStoreTest : public testing::Test {
 protected:
  MetaStoreTest() { Reopen(); }
  void Reopen() {
    meta_.reset();
    auto opened = MetaStore::Open({directory_ / "meta"});
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    meta_ = opened.Take();
  }

  TempDirectory directory_;
  std::unique_ptr<MetaStore> meta_;
};

TEST_F(MetaStoreTest, IsEmptyUntilSomethingIsWritten) {
  EXPECT_TRUE(*meta_->IsEmpty());
  EXPECT_TRUE(meta_->Topics()->empty());
  EXPECT_EQ(*meta_->Version(Table::kTopics), wire::DataVersion{});
  ASSERT_TRUE(meta_->PutDelayLevelOffsets({{1, 2}}, {}).ok());
  EXPECT_FALSE(*meta_->IsEmpty());
}

TEST_F(MetaStoreTest, TopicsSurviveARestartInFull) {
  const std::vector<wire::TopicConfig> topics = {Topic("a"), Topic("%RETRY%g")};
  ASSERT_TRUE(meta_->PutTopics(topics, {1, 2, 3}).ok());
  Reopen();
  EXPECT_EQ(*meta_->Topics(), (std::vector{topics[1], topics[0]}));
  EXPECT_EQ(*meta_->Version(Table::kTopics), (wire::DataVersion{1, 2, 3}));
  EXPECT_EQ(*meta_->Version(Table::kGroups), wire::DataVersion{});
  ASSERT_TRUE(meta_->DeleteTopics(std::vector<std::string>{"a"}, {1, 2, 4}).ok());
  Reopen();
  EXPECT_EQ(*meta_->Topics(), std::vector{topics[1]});
}

TEST_F(MetaStoreTest, GroupsSurviveARestartInFull) {
  const std::vector<wire::SubscriptionGroupConfig> groups = {Group("g"), {}};
  ASSERT_TRUE(meta_->PutGroups(std::span(groups).first(1), {0, 5, 1}).ok());
  ASSERT_TRUE(meta_->PutForbiddenPulls("g", {{"t", 1}}).ok());
  Reopen();
  EXPECT_EQ(*meta_->Groups(), std::vector{groups[0]});
  EXPECT_EQ(*meta_->ForbiddenPulls(), (Forbidden{{"g", {{"t", 1}}}}));
  ASSERT_TRUE(meta_->DeleteGroups(std::vector<std::string>{"g"}, {0, 6, 2}).ok());
  EXPECT_TRUE(meta_->Groups()->empty());
  EXPECT_TRUE(meta_->ForbiddenPulls()->empty());
}

TEST_F(MetaStoreTest, OffsetsSurviveARestart) {
  const std::vector<ConsumerOffset> offsets = {
      {"g", "a", 0, 10}, {"g", "a", 1, 11}, {"g", "b", 0, 12}, {"h", "a", 0, 13}};
  ASSERT_TRUE(meta_->PutConsumerOffsets(offsets, {0, 1, 1}).ok());
  ASSERT_TRUE(meta_->PutDelayLevelOffsets({{1, 100}, {18, 5}}, {0, 1, 1}).ok());
  Reopen();
  EXPECT_EQ(*meta_->ConsumerOffsets(), offsets);
  EXPECT_EQ(*meta_->DelayLevelOffsets(), (DelayOffsets{{1, 100}, {18, 5}}));
}

TEST_F(MetaStoreTest, DeletesOffsetsOfAGroupATopicOrBoth) {
  const std::vector<ConsumerOffset> offsets = {
      {"g", "a", 0, 1}, {"g", "ab", 0, 2}, {"g", "b", 0, 3}, {"gg", "a", 0, 4}, {"h", "a", 300, 5}};
  ASSERT_TRUE(meta_->PutConsumerOffsets(offsets, {}).ok());
  EXPECT_EQ(meta_->DeleteConsumerOffsets("", "").code(), Status::Code::kInvalid);
  ASSERT_TRUE(meta_->DeleteConsumerOffsets("g", "a").ok());
  EXPECT_EQ(*meta_->ConsumerOffsets(),
            (std::vector{offsets[1], offsets[2], offsets[3], offsets[4]}));
  ASSERT_TRUE(meta_->DeleteConsumerOffsets("", "a").ok());
  EXPECT_EQ(*meta_->ConsumerOffsets(), (std::vector{offsets[1], offsets[2]}));
  ASSERT_TRUE(meta_->DeleteConsumerOffsets("g", "").ok());
  EXPECT_TRUE(meta_->ConsumerOffsets()->empty());
}

// A start reads both, and makes a place for each queue.
TEST_F(MetaStoreTest, WhatNamesQueuesThatCannotBeIsKeptFromAStart) {
  auto huge = Topic("huge");
  huge.read_queues = kQueueIdMax + 2;
  ASSERT_TRUE(meta_->PutTopics(std::vector{huge, Topic("t")}, {1, 1, 1}).ok());
  const std::vector<ConsumerOffset> offsets = {{"g", "t", -1, 5},
                                               {"g", "t", 0, 3},
                                               {"g", "t", kQueueIdMax, 4},
                                               {"g", "t", kQueueIdMax + 1, 6}};
  ASSERT_TRUE(meta_->PutConsumerOffsets(offsets, {1, 1, 1}).ok());
  Reopen();
  EXPECT_EQ(*meta_->Topics(), std::vector{Topic("t")});
  EXPECT_EQ(*meta_->ConsumerOffsets(), (std::vector{offsets[1], offsets[2]}));
}

TEST_F(MetaStoreTest, ReplaceLeavesNothingOfWhatWas) {
  ASSERT_TRUE(meta_->PutTopics(std::vector{Topic("old")}, {1, 1, 1}).ok());
  ASSERT_TRUE(meta_->PutDelayLevelOffsets({{1, 100}}, {}).ok());
  MetaContent content;
  content.topics = {Topic("new")};
  content.versions[Table::kTopics] = {0, 2, 2};
  ASSERT_TRUE(meta_->Replace(content).ok());
  Reopen();
  EXPECT_EQ(*meta_->Topics(), std::vector{Topic("new")});
  EXPECT_TRUE(meta_->DelayLevelOffsets()->empty());
  EXPECT_EQ(*meta_->Version(Table::kTopics), (wire::DataVersion{0, 2, 2}));
}

TEST_F(MetaStoreTest, ASecondOpenIsRefused) {
  const auto second = MetaStore::Open({directory_ / "meta"});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message().find("meta"), std::string::npos);
}

TEST_F(MetaStoreTest, DamageStopsTheStartAndSaysWhere) {
  ASSERT_TRUE(meta_->PutTopics(std::vector{Topic("a")}, {}).ok());
  meta_.reset();
  for (const auto& file : std::filesystem::directory_iterator(directory_ / "meta")) {
    if (file.path().filename().string().starts_with("MANIFEST")) {
      Overwrite(file.path().string(), 20, std::string(30, 'x'));
    }
  }
  const auto opened = MetaStore::Open({directory_ / "meta"});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), Status::Code::kCorruption);
  EXPECT_NE(opened.error().message().find(directory_ / "meta"), std::string::npos);
}

}  // namespace
}  // namespace comet::store::meta
