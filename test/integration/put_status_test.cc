// What a producer hears of a SYNC_MASTER, by who copies its log and how it is set.

#include <array>

#include <gtest/gtest.h>

#include "remoting/wire/ha_stream.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/response_code.h"
#include "replication_fixture.h"
#include "test/net/raw_peer.h"

namespace comet::broker {
namespace {

using Code = wire::ResponseCode;

class PutStatusTest : public ReplicationTest {
 protected:
  PutStatusTest() {
    master_->options.broker.role = BrokerRole::kSyncMaster;
    master_->options.store.replica_timeout_ms = 30'000;  // however busy the disk is
  }

  std::unique_ptr<Member> StartSlave(std::int64_t id, std::int64_t copies_then) {
    auto slave = MakeSlave(id);
    slave->Start();
    AwaitInSync(copies_then);
    return slave;
  }
  void AwaitInSync(std::int64_t copies) {
    EXPECT_TRUE(Eventually([&] { return master_->store().replicas().in_sync() == copies; }));
  }
  std::int64_t End() { return master_->store().log().end(); }
};

TEST_F(PutStatusTest, WithoutASlaveAMessageIsStoredAndTheSlaveNotAvailable) {
  StartMaster();
  EXPECT_EQ(master_->Send("alone"), Code::kSlaveNotAvailable);
  EXPECT_GT(End(), 0);
}

TEST_F(PutStatusTest, WithASlaveTheAnswerComesWhenTheSlavesDiskHasIt) {
  StartMaster();
  const auto slave = StartSlave(1, 1);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(master_->Send("twice"), Code::kSuccess);
    EXPECT_EQ(slave->store().log().flushed(), End());
  }
}

TEST_F(PutStatusTest, ASlaveThatAnswersForItsMemoryDoesNotWaitForItsDisk) {
  StartMaster();
  auto slave = MakeSlave();
  slave->options.broker.ha_ack_flushed = false;
  slave->options.store.flush_interval_ms = 60'000;
  slave->Start();
  AwaitInSync(1);
  EXPECT_EQ(master_->Send("twice"), Code::kSuccess);
  EXPECT_EQ(slave->store().log().end(), End());
  EXPECT_LT(slave->store().log().flushed(), End());
}

TEST_F(PutStatusTest, AReplicaThatNeverAnswersIsWaitedForNoLongerThanItsTime) {
  master_->options.store.replica_timeout_ms = 50;
  StartMaster();
  net::RawPeer replica(master_->broker().ha_port());
  std::array<char, wire::kHaReportBytes> report;
  wire::EncodeHaReport(0, report.data());
  ASSERT_TRUE(replica.Send({report.data(), report.size()}));
  AwaitInSync(1);
  EXPECT_EQ(master_->Send("once"), Code::kFlushSlaveTimeout);
}

TEST_F(PutStatusTest, AProducerThatDoesNotWaitHearsOfSuccess) {
  StartMaster();
  std::string properties;
  wire::AppendProperty(wire::property::kWait, "false", &properties);
  EXPECT_EQ(master_->Send("alone", properties), Code::kSuccess);
}

TEST_F(PutStatusTest, ASyncMasterWaitsForNobodyWhenItIsSetAsRocketMq5) {
  master_->options.broker.sync_master_waits = false;
  StartMaster();
  EXPECT_EQ(master_->Send("alone"), Code::kSuccess);
}

TEST_F(PutStatusTest, NothingIsStoredWithFewerInSyncThanTheLeast) {
  master_->options.broker.min_in_sync_replicas = 2;
  StartMaster();
  EXPECT_EQ(master_->Send("refused"), Code::kSystemError);
  EXPECT_EQ(End(), 0);
  const auto slave = StartSlave(1, 1);
  EXPECT_EQ(master_->Send("taken"), Code::kSuccess);
}

TEST_F(PutStatusTest, ThreeCopiesTakeTwoSlaves) {
  master_->options.broker.in_sync_replicas = 3;
  StartMaster();
  const auto first = StartSlave(1, 1);
  EXPECT_EQ(master_->Send("two copies"), Code::kSlaveNotAvailable);
  const auto second = StartSlave(2, 2);
  EXPECT_EQ(master_->Send("three copies"), Code::kSuccess);
  EXPECT_EQ(first->store().log().flushed(), End());
  EXPECT_EQ(second->store().log().flushed(), End());
  second->Stop();
  AwaitInSync(1);
  EXPECT_EQ(master_->Send("two copies"), Code::kSlaveNotAvailable);
}

}  // namespace
}  // namespace comet::broker
