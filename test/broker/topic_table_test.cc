#include "broker/topic_table.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/wire/flags.h"
#include "test/base/temp_directory.h"

namespace comet::broker {
namespace {

using testing::ElementsAre;

class TopicTableTest : public testing::Test {
 protected:
  TopicTableTest() { Open(); }
  void Open() {
    topics_.reset();
    meta_.reset();
    meta_ = store::meta::MetaStore::Open({.directory = directory_ / "meta"}).Take();
    topics_ = std::make_unique<TopicTable>(clock_, *meta_);
    topics_->SetListener([this](const std::vector<wire::TopicConfig>& changed) {
      heard_.clear();
      for (const auto& config : changed) heard_.push_back(config.name);
    });
    ASSERT_TRUE(topics_->Load().ok());
  }
  static BrokerConfig Config() {
    BrokerConfig config;
    config.name = "broker-a";
    return config;
  }

  static constexpr std::int64_t kDelayLevels = 18;

  ManualClock clock_;
  TempDirectory directory_;
  std::unique_ptr<store::meta::MetaStore> meta_;
  std::unique_ptr<TopicTable> topics_;
  std::vector<std::string> heard_;
};

TEST_F(TopicTableTest, StartsWithTheSystemTopicsOfItsConfiguration) {
  ASSERT_TRUE(topics_->CreateSystemTopics(Config(), kDelayLevels).ok());
  const auto model = topics_->Find("TBW102");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->config().perm, 7);
  EXPECT_EQ(model->config().write_queues, 8);
  EXPECT_EQ(topics_->Find("SCHEDULE_TOPIC_XXXX")->queues(), 18);
  EXPECT_EQ(topics_->Find("DefaultCluster")->queues(), 16);
  EXPECT_NE(topics_->Find("broker-a"), nullptr);
  EXPECT_EQ(topics_->Find("RMQ_SYS_TRACE_TOPIC"), nullptr);
}

TEST_F(TopicTableTest, TheDelayTopicHasAQueueForEachLevelAndNeverLosesOne) {
  const auto queues_with = [this](std::int64_t levels) {
    EXPECT_TRUE(topics_->CreateSystemTopics(Config(), levels).ok());
    const auto& config = topics_->Find("SCHEDULE_TOPIC_XXXX")->config();
    EXPECT_EQ(config.read_queues, config.write_queues);
    return config.write_queues;
  };
  EXPECT_EQ(queues_with(3), 18);
  EXPECT_EQ(queues_with(20), 20);
  EXPECT_EQ(queues_with(18), 20);
}

TEST_F(TopicTableTest, ARestartFindsTopicsAndVersionAgain) {
  ASSERT_TRUE(topics_->CreateSystemTopics(Config(), kDelayLevels).ok());
  ASSERT_TRUE(topics_->CreateForSend("orders", "TBW102", 4, 0).ok());
  const auto version = topics_->version();
  Open();
  ASSERT_NE(topics_->Find("orders"), nullptr);
  EXPECT_EQ(topics_->Find("orders")->config().write_queues, 4);
  EXPECT_EQ(topics_->version(), version);
}

TEST_F(TopicTableTest, ASendCopiesTheTemplateWithoutItsInheritance) {
  ASSERT_TRUE(topics_->CreateSystemTopics(Config(), kDelayLevels).ok());
  const auto made = topics_->CreateForSend("orders", "TBW102", 100, 0);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ((*made)->config().write_queues, 8);  // no more than the template has
  EXPECT_EQ((*made)->config().perm, wire::perm::kReadWrite);
  EXPECT_THAT(heard_, ElementsAre("orders"));
}

TEST_F(TopicTableTest, OnlyATemplateMayBeCopied) {
  ASSERT_TRUE(topics_->CreateSystemTopics(Config(), kDelayLevels).ok());
  EXPECT_EQ(topics_->CreateForSend("orders", "NoSuch", 4, 0).error().code(),
            Status::Code::kNotFound);
  EXPECT_EQ(topics_->CreateForSend("orders", "BenchmarkTest", 4, 0).error().code(),
            Status::Code::kNotFound);
  EXPECT_EQ(topics_->Find("orders"), nullptr);
}

TEST_F(TopicTableTest, OnlyARealChangeRaisesTheVersion) {
  wire::TopicConfig config;
  config.name = "orders";
  ASSERT_TRUE(topics_->Put(config).ok());
  const auto before = topics_->version();
  ASSERT_TRUE(topics_->Put(config).ok());
  EXPECT_EQ(topics_->version(), before);
  config.perm = wire::perm::kRead;
  ASSERT_TRUE(topics_->Put(config).ok());
  EXPECT_EQ(topics_->version().counter, before.counter + 1);
}

TEST_F(TopicTableTest, ARemovedTopicStaysAwayAfterARestart) {
  wire::TopicConfig config;
  config.name = "orders";
  ASSERT_TRUE(topics_->Put(config).ok());
  ASSERT_TRUE(topics_->Remove("orders").ok());
  EXPECT_EQ(topics_->Find("orders"), nullptr);
  Open();
  EXPECT_EQ(topics_->Find("orders"), nullptr);
}

TEST_F(TopicTableTest, MoreQueuesThanABrokerMayHaveAreRefused) {
  wire::TopicConfig config;
  config.name = "orders";
  config.write_queues = TopicTable::kQueuesPerTopicMax + 1;
  EXPECT_EQ(topics_->Put(config).code(), Status::Code::kInvalid);
  EXPECT_EQ(topics_->Find("orders"), nullptr);
}

TEST_F(TopicTableTest, DescribesATopicAsApachesRemarksDo) {
  wire::TopicConfig config;
  config.name = "GoldenSend";
  config.read_queues = config.write_queues = 4;
  EXPECT_EQ(Topic(config).Describe(),
            "TopicConfig [topicName=GoldenSend, readQueueNums=4, writeQueueNums=4, perm=RW-, "
            "topicFilterType=SINGLE_TAG, topicSysFlag=0, order=false, attributes={}]");
}

}  // namespace
}  // namespace comet::broker
