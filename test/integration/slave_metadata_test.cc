// What a slave knows besides the log: topics, groups and progress of its master.

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/wire/properties.h"
#include "remoting/wire/requests/delete_group.h"
#include "remoting/wire/requests/delete_topic.h"
#include "remoting/wire/requests/reset_offset.h"
#include "slave_fixture.h"

namespace comet::broker {
namespace {

using store::meta::Table;

class SlaveMetadata : public SlaveTest {
 protected:
  // The code of the answer; makes the topic when it is not there.
  std::int32_t SendTo(std::string_view topic, std::int32_t queue_id) {
    wire::SendMessage::Header header;
    header.producer_group = "producers";
    header.topic = topic;
    header.default_topic = "TBW102";
    header.queue_id = queue_id;
    return master_->Ask<wire::SendMessage>(header, "body")->code;
  }
  // At level 1.
  void SendLater() {
    std::string delayed;
    wire::AppendProperty(wire::property::kDelay, "1", &delayed);
    EXPECT_EQ(master_->Send("later", delayed), 0);
  }
  // How far the broker knows level 1 to be delivered.
  static std::int64_t DeliveredToLevel1(Member& on) {
    const auto progress = on.broker().context().meta.DelayLevelOffsets();
    EXPECT_TRUE(progress.ok());
    return progress->contains(1) ? progress->at(1) : 0;
  }
};

TEST_F(SlaveMetadata, ATopicIsThereWithinSecondsWithoutBeingAskedFor) {
  StartBoth();
  CreateTopic(*master_, "fresh", 3);
  const auto& topics = slave_->broker().context().topics;
  EXPECT_TRUE(Eventually([&] { return topics.Find("fresh") != nullptr; }));
  EXPECT_EQ(topics.Find("fresh")->config().read_queues, 3);
}

// Or it could not be read at the slave when the master dies in the seconds before it asks anyway.
TEST_F(SlaveMetadata, ATopicIsAskedForWhenItsFirstMessageComes) {
  StartBoth();
  const auto& topics = slave_->broker().context().topics;
  auto fastest = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 10; ++i) {
    const auto name = "fresh" + std::to_string(i);
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(SendTo(name, 0), 0);
    EXPECT_TRUE(Eventually([&] { return topics.Find(name) != nullptr; })) << name;
    fastest = std::min(fastest, std::chrono::steady_clock::now() - began);
  }
  CreateTopic(*master_, "fresh0", 8);  // and when a queue of it does
  EXPECT_EQ(SendTo("fresh0", 7), 0);
  EXPECT_TRUE(Eventually([&] { return topics.Find("fresh0")->queues() == 8; }));
  EXPECT_LT(fastest, std::chrono::milliseconds(2500));  // it asks every three seconds anyway
}

TEST_F(SlaveMetadata, ATopicGoesWithItsQueuesAndItsOffsets) {
  StartBoth();
  Fill(3);
  auto& context = slave_->broker().context();
  EXPECT_EQ(context.topics.version(), master_->broker().context().topics.version());
  EXPECT_EQ(context.topics.size(), master_->broker().context().topics.size());
  EXPECT_EQ(Commit(*master_, 2), 0);
  EXPECT_TRUE(Follows([&] { return Offset(*slave_) == 2; }));

  wire::DeleteTopic::Header header;
  header.topic = "orders";
  EXPECT_EQ(master_->Ask<wire::DeleteTopic>(header)->code, 0);
  EXPECT_TRUE(Follows([&] {
    const auto* queue = context.store.queues().Find("orders", 0);
    return context.topics.Find("orders") == nullptr && queue->queue().end() == 0;
  }));
  EXPECT_EQ(Offset(*slave_), OffsetTable::kNone);

  master_->Put(1);  // made anew by a send
  AwaitCopied(*master_, *slave_);
  EXPECT_TRUE(Follows([&] {
    return context.topics.Find("orders") != nullptr &&
           context.store.queues().Find("orders", 0)->queue().end() == 1;
  }));
}

// What was sent to it before comes after the slave has heard that it is gone.
TEST_F(SlaveMetadata, ATopicThatIsDeletedWhileTheSlaveIsBehindDoesNotComeBack) {
  StartBoth();
  Fill(1);
  LimitSending(*master_, true);
  master_->Put(10, 100 << 10);
  wire::DeleteTopic::Header header;
  header.topic = "orders";
  EXPECT_EQ(master_->Ask<wire::DeleteTopic>(header)->code, 0);
  const auto end = master_->store().log().end();
  AwaitRound();
  EXPECT_EQ(slave_->broker().context().topics.Find("orders"), nullptr);
  EXPECT_LT(slave_->store().log().end(), end);
  LimitSending(*master_, false);
  AwaitCopied(*master_, *slave_);
  const auto& queue = slave_->store().queues().Find("orders", 0)->queue();
  EXPECT_TRUE(Eventually([&] { return slave_->store().dispatcher().dispatched() >= end; }));
  EXPECT_TRUE(Follows([&] { return queue.end() == 0; }));
}

// A broker with messages of its own is made the slave of an empty one, by mistake.
TEST_F(SlaveMetadata, TablesOfAMasterWhoseLogIsNotCopiedAreNotTaken) {
  slave_ = MakeMember("slave1", 0, BrokerRole::kAsyncMaster);
  auto& config = slave_->options.broker;
  const auto namesrv = std::exchange(config.namesrv_addr, "");
  slave_->Start();
  slave_->Put(3);
  CreateGroup(*slave_, "readers");
  EXPECT_EQ(Commit(*slave_, 2), 0);
  slave_->Stop();

  StartMaster();
  config.namesrv_addr = namesrv;
  config.id = 1;
  config.role = BrokerRole::kSlave;
  slave_->Start();
  EXPECT_TRUE(Eventually([&] { return !slave_->view().trouble.empty(); }));
  AwaitQuestions();
  EXPECT_TRUE(SyncOf(*slave_).master_alive());
  slave_->Stop();

  config.namesrv_addr = "";
  config.id = 0;
  config.role = BrokerRole::kAsyncMaster;
  slave_->Start();
  EXPECT_NE(slave_->broker().context().topics.Find("orders"), nullptr);
  EXPECT_NE(slave_->broker().context().groups.Find("readers"), nullptr);
  EXPECT_EQ(Offset(*slave_), 2);
  const auto* queue = slave_->store().queues().Find("orders", 0);
  ASSERT_NE(queue, nullptr);
  EXPECT_EQ(queue->queue().end(), 3);
}

TEST_F(SlaveMetadata, GroupsComeAndGo) {
  StartBoth();
  Fill(1);
  EXPECT_EQ(Commit(*master_, 1), 0);
  EXPECT_TRUE(Follows([&] { return Offset(*slave_) == 1; }));
  wire::DeleteGroup::Header header;
  header.group = "readers";
  header.clean_offset = true;
  EXPECT_EQ(master_->Ask<wire::DeleteGroup>(header)->code, 0);
  EXPECT_TRUE(Follows([&] {
    return slave_->broker().context().groups.Find("readers") == nullptr &&
           Offset(*slave_) == OffsetTable::kNone;
  }));
}

TEST_F(SlaveMetadata, NothingIsWrittenAgainWhileNothingChanges) {
  StartBoth();
  Fill(1);
  auto& context = slave_->broker().context();
  const wire::DataVersion mark{.state_version = 7, .timestamp_ms = 7, .counter = 7};
  ASSERT_TRUE(context.meta.PutTopics({}, mark).ok());  // is lost by whatever is written
  ASSERT_TRUE(context.meta.PutGroups({}, mark).ok());
  AwaitRound();
  EXPECT_EQ(*context.meta.Version(Table::kTopics), mark);
  EXPECT_EQ(*context.meta.Version(Table::kGroups), mark);
}

TEST_F(SlaveMetadata, OffsetsFollowAndAResetComesThrough) {
  StartBoth();
  Fill(5);
  EXPECT_EQ(Commit(*master_, 5), 0);
  EXPECT_TRUE(Follows([&] { return Offset(*slave_) == 5; }));
  AwaitRound();
  wire::ResetOffset::Header header;
  header.group = "readers";
  header.topic = "orders";
  header.queue_id = 0;
  header.offset = 2;
  header.force = true;
  EXPECT_EQ(master_->Ask<wire::ResetOffset>(header)->code, 0);
  EXPECT_TRUE(Follows([&] { return Offset(*slave_) == 2; }));
}

TEST_F(SlaveMetadata, WhatIsCommittedWhileTheMasterIsAwayIsNotTakenBack) {
  StartBoth();
  Fill(9);
  EXPECT_EQ(Commit(*master_, 5), 0);
  EXPECT_TRUE(Follows([&] { return Offset(*slave_) == 5; }));
  master_->Stop();
  AwaitMasterGone();
  EXPECT_EQ(Commit(*slave_, 8), 0);
  StartMaster();
  EXPECT_TRUE(Eventually([&] {
    SyncOf(*slave_).RunSoon();
    return SyncOf(*slave_).master_alive();
  }));
  AwaitRound();
  EXPECT_EQ(Offset(*master_), 5);
  EXPECT_EQ(Offset(*slave_), 8);
  EXPECT_EQ(Commit(*master_, 9), 0);
  EXPECT_TRUE(Follows([&] { return Offset(*slave_) == 9; }));
}

TEST_F(SlaveMetadata, DelayedMessagesAreDeliveredByTheMasterAndTheSlaveKnowsHowFar) {
  master_->options.store.delay_levels = "1s 1h";
  StartBoth();
  Fill(1);
  SendLater();
  EXPECT_TRUE(Eventually([&] { return DeliveredToLevel1(*slave_) == 1; }));
  AwaitCopied(*master_, *slave_);
  ExpectEqualLogs(*master_, *slave_);
  for (Member* member : {master_.get(), slave_.get()}) {  // delivered, once
    const auto& queue = member->store().queues().Find("orders", 0)->queue();
    EXPECT_TRUE(Eventually([&] { return queue.end() == 2; }));
  }
  EXPECT_EQ(Pull(*slave_, 1)->code, 0);
}

// Else a start as a master would leave them out.
TEST_F(SlaveMetadata, DeliveriesThatAreNotInTheSlavesLogDoNotCount) {
  master_->options.store.delay_levels = "1s 1h";
  StartBoth();
  LimitSending(*master_, true);
  master_->Put(5, 100 << 10);
  SendLater();
  EXPECT_TRUE(Eventually([&] { return DeliveredToLevel1(*master_) == 1; }));
  AwaitRound();
  EXPECT_EQ(DeliveredToLevel1(*slave_), 0);
  LimitSending(*master_, false);
  AwaitCopied(*master_, *slave_);
  EXPECT_TRUE(Follows([&] { return DeliveredToLevel1(*slave_) == 1; }));
}

TEST_F(SlaveMetadata, ASlaveRestartedAsAMasterGoesOn) {
  StartBoth();
  Fill(3);
  EXPECT_EQ(Commit(*master_, 2), 0);
  EXPECT_TRUE(Follows([&] { return Offset(*slave_) == 2; }));
  const auto version = slave_->broker().context().topics.version();
  master_->Stop();
  slave_->Stop();
  slave_->options.broker.role = BrokerRole::kAsyncMaster;
  slave_->options.broker.id = 0;
  slave_->Start();
  EXPECT_EQ(slave_->broker().context().topics.version(), version);
  EXPECT_EQ(Offset(*slave_), 2);
  slave_->Put(1);
  EXPECT_TRUE(
      Eventually([&] { return slave_->store().queues().Find("orders", 0)->queue().end() == 4; }));
}

TEST_F(SlaveMetadata, OffsetsThatNoMessageHadAreForgottenByTheNextMaster) {
  StartBoth();
  Fill(3);
  slave_->broker().context().offsets.Commit("readers", "orders", 0, 100);
  slave_->Stop();
  master_->Stop();
  slave_->options.broker.role = BrokerRole::kAsyncMaster;
  slave_->options.broker.id = 0;
  slave_->Start();
  EXPECT_EQ(Offset(*slave_), 3);
}

// Its messages have expired, or never came here: it begins at 0.
TEST_F(SlaveMetadata, OffsetsOfAQueueThatIsNotThereAreForgottenByTheNextMaster) {
  StartBoth();
  Fill(3);
  auto& offsets = slave_->broker().context().offsets;
  offsets.Commit("readers", "orders", 3, 100);
  slave_->Stop();
  master_->Stop();
  slave_->options.broker.role = BrokerRole::kAsyncMaster;
  slave_->options.broker.id = 0;
  slave_->Start();
  EXPECT_EQ(slave_->broker().context().offsets.Query("readers", "orders", 3), 0);
}

TEST_F(SlaveMetadata, ASlaveThatKnowsOnlyTheHaAddressHasTheTablesToo) {
  SettleDown(*master_);
  StartMaster();
  slave_ = MakeSlave();
  slave_->options.broker.namesrv_addr = "";
  slave_->options.broker.ha_master_address = master_->ha_address();
  slave_->Start();
  EXPECT_TRUE(Eventually([&] { return slave_->view().copies; }));
  Fill(2);
  EXPECT_EQ(Commit(*master_, 1), 0);
  EXPECT_TRUE(Follows([&] { return Offset(*slave_) == 1; }));
}

// Somebody has started an empty broker of the same name, and a name server that knows only it.
TEST_F(SlaveMetadata, TablesAreThoseOfTheMasterWhoseLogIsCopied) {
  StartMaster();
  slave_ = MakeSlave();
  slave_->options.broker.ha_master_address = master_->ha_address();
  slave_->Start();
  AwaitRound();
  Fill(3);
  const auto other = MakeMember("other", 0, BrokerRole::kAsyncMaster);
  other->options.broker.namesrv_addr = "";
  other->Start();
  SyncOf(*slave_).SetMaster("127.0.0.1:" + std::to_string(other->broker().port()));
  AwaitQuestions();
  auto& context = slave_->broker().context();
  EXPECT_NE(context.topics.Find("orders"), nullptr);
  EXPECT_EQ(context.store.queues().Find("orders", 0)->queue().end(), 3);
}

}  // namespace
}  // namespace comet::broker
