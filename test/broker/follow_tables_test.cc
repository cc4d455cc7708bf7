#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/group_table.h"
#include "broker/topic_table.h"
#include "remoting/base/clock.h"
#include "test/base/temp_directory.h"

namespace comet::broker {
namespace {

using store::meta::Table;
using testing::ElementsAre;
using testing::IsEmpty;

wire::TopicConfig TopicOf(const std::string& name, std::int32_t queues = 4) {
  wire::TopicConfig config;
  config.name = name;
  config.read_queues = config.write_queues = queues;
  return config;
}

wire::SubscriptionGroupConfig GroupOf(const std::string& name, std::int32_t retries = 16) {
  wire::SubscriptionGroupConfig config;
  config.name = name;
  config.retry_max = retries;
  return config;
}

// The tables of a slave.
class FollowTables : public testing::Test {
 protected:
  FollowTables() { Open(BrokerRole::kSlave); }
  void Open(BrokerRole role) {
    groups_.reset();
    topics_.reset();
    meta_.reset();
    meta_ = store::meta::MetaStore::Open({.directory = directory_ / "meta"}).Take();
    topics_ = std::make_unique<TopicTable>(clock_, *meta_, role);
    topics_->SetListener([this](const std::vector<wire::TopicConfig>& changed) {
      heard_.clear();
      for (const auto& config : changed) heard_.push_back(config.name);
      ++times_heard_;
    });
    groups_ = std::make_unique<GroupTable>(clock_, *meta_, role);
    ASSERT_TRUE(topics_->Load().ok());
    ASSERT_TRUE(groups_->Load().ok());
  }

  const wire::DataVersion first_{.state_version = 0, .timestamp_ms = 1000, .counter = 7};
  const wire::DataVersion second_{.state_version = 0, .timestamp_ms = 2000, .counter = 8};
  ManualClock clock_;
  TempDirectory directory_;
  std::unique_ptr<store::meta::MetaStore> meta_;
  std::unique_ptr<TopicTable> topics_;
  std::unique_ptr<GroupTable> groups_;
  std::vector<std::string> heard_;
  int times_heard_ = 0;
};

TEST_F(FollowTables, TopicsAreThoseOfTheMasterItsVersionIncluded) {
  ASSERT_TRUE(topics_->Follow({TopicOf("a"), TopicOf("b")}, first_).ok());
  EXPECT_THAT(heard_, ElementsAre("a", "b"));
  const auto gone = topics_->Follow({TopicOf("b", 8), TopicOf("c")}, second_);
  ASSERT_TRUE(gone.ok());
  EXPECT_THAT(*gone, ElementsAre("a"));
  EXPECT_THAT(heard_, IsEmpty());  // name servers hear of all
  for (int life = 0; life < 2; ++life) {
    EXPECT_EQ(topics_->Find("a"), nullptr);
    EXPECT_EQ(topics_->Find("b")->config().read_queues, 8);
    EXPECT_NE(topics_->Find("c"), nullptr);
    EXPECT_EQ(topics_->version(), second_);
    Open(BrokerRole::kSlave);
  }
}

TEST_F(FollowTables, NothingDifferentIsNothingWritten) {
  ASSERT_TRUE(topics_->Follow({TopicOf("a")}, first_).ok());
  ASSERT_TRUE(groups_->Follow({GroupOf("g")}, first_).ok());
  const wire::DataVersion other{.state_version = 0, .timestamp_ms = 9, .counter = 9};
  ASSERT_TRUE(meta_->PutTopics({}, other).ok());  // shows whether it is written over
  ASSERT_TRUE(meta_->PutGroups({}, other).ok());
  times_heard_ = 0;
  ASSERT_TRUE(topics_->Follow({TopicOf("a")}, first_).ok());
  ASSERT_TRUE(groups_->Follow({GroupOf("g")}, first_).ok());
  EXPECT_EQ(*meta_->Version(Table::kTopics), other);
  EXPECT_EQ(*meta_->Version(Table::kGroups), other);
  EXPECT_EQ(times_heard_, 0);
}

TEST_F(FollowTables, GroupsAreThoseOfTheMasterItsVersionIncluded) {
  ASSERT_TRUE(groups_->Follow({GroupOf("a"), GroupOf("b")}, first_).ok());
  const auto gone = groups_->Follow({GroupOf("b", 3)}, second_);
  ASSERT_TRUE(gone.ok());
  EXPECT_THAT(*gone, ElementsAre("a"));
  for (int life = 0; life < 2; ++life) {
    EXPECT_EQ(groups_->Find("a"), nullptr);
    EXPECT_EQ(groups_->Find("b")->retry_max, 3);
    EXPECT_EQ(groups_->version(), second_);
    Open(BrokerRole::kSlave);
  }
}

TEST_F(FollowTables, AGroupThatIsLentStaysUntilTheMasterTellsOfItsGroups) {
  ASSERT_TRUE(groups_->Follow({GroupOf("a")}, first_).ok());
  EXPECT_FALSE(groups_->FindOrLend("b", false).ok());
  EXPECT_FALSE(groups_->FindOrLend("b\n", true).ok());
  for (const std::string name : {"a", "b", "c", "b"}) {
    EXPECT_EQ((*groups_->FindOrLend(name, true))->name, name);
  }
  EXPECT_EQ(groups_->version(), first_);
  EXPECT_EQ(meta_->Groups()->size(), 1U);
  wire::SubscriptionGroupConfig same;  // as it was lent
  same.name = "b";
  EXPECT_THAT(*groups_->Follow({GroupOf("a"), same}, second_), ElementsAre("c"));
  Open(BrokerRole::kSlave);
  EXPECT_NE(groups_->Find("b"), nullptr);
  EXPECT_EQ(groups_->Find("c"), nullptr);
}

TEST_F(FollowTables, ASlaveMakesAndChangesNothingOfItsOwn) {
  ASSERT_TRUE(topics_->Follow({TopicOf("a"), TopicOf("TBW102")}, first_).ok());
  ASSERT_TRUE(groups_->Follow({GroupOf("g")}, first_).ok());
  EXPECT_FALSE(topics_->Put(TopicOf("a", 9)).ok());
  EXPECT_FALSE(topics_->Remove("a").ok());
  EXPECT_FALSE(topics_->CreateForSend("b", "TBW102", 4, 0).ok());
  EXPECT_FALSE(topics_->CreateIfMissing("%RETRY%g", 1, 0).ok());
  EXPECT_TRUE(topics_->CreateIfMissing("a", 1, 0).ok());  // is there
  EXPECT_TRUE(topics_->Touch().ok());
  EXPECT_FALSE(groups_->Put(GroupOf("g", 3)).ok());
  EXPECT_FALSE(groups_->Remove("g").ok());
  EXPECT_EQ(groups_->FindOrCreate("h", true).error().code(), Status::Code::kNotFound);
  EXPECT_TRUE(groups_->FindOrCreate("g", true).ok());
  EXPECT_EQ(topics_->version(), first_);
  EXPECT_EQ(groups_->version(), first_);
  EXPECT_EQ(topics_->size(), 2U);
  EXPECT_EQ(groups_->size(), 1U);
}

TEST_F(FollowTables, AMasterGoesOnWhereTheSlaveWas) {
  ASSERT_TRUE(topics_->Follow({TopicOf("a")}, first_).ok());
  Open(BrokerRole::kAsyncMaster);
  ASSERT_TRUE(topics_->Put(TopicOf("b")).ok());
  EXPECT_NE(topics_->Find("a"), nullptr);
  EXPECT_EQ(topics_->version().counter, first_.counter + 1);
}

}  // namespace
}  // namespace comet::broker
