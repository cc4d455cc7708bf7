// A master and slaves in one process: the way of the log from one to the other, and what its
// producers hear.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "replication_fixture.h"

namespace comet::broker {
namespace {

TEST_F(ReplicationTest, ASlaveCopiesWhatWasThereAndWhatComes) {
  StartMaster();
  master_->Put(20);
  const auto slave = MakeSlave();
  slave->Start();
  AwaitCopied(*master_, *slave);
  master_->Put(20);
  AwaitCopied(*master_, *slave);
  ExpectEqualLogs(*master_, *slave);
  const auto all = master_->store().replicas().All();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].broker_id, 1);
  EXPECT_TRUE(all[0].in_sync);
}

TEST_F(ReplicationTest, ASlaveCopiesManyFilesWithWhatIsBehindTheirBlankRecords) {
  StartMaster();
  master_->Put(50, 100 << 10);
  const auto slave = MakeSlave();
  slave->Start();
  AwaitCopied(*master_, *slave);
  ExpectEqualLogs(*master_, *slave);
}

TEST_F(ReplicationTest, ASlaveThatWasStoppedGoesOnWhereItWas) {
  StartMaster();
  const auto slave = MakeSlave();
  slave->Start();
  master_->Put(5);
  AwaitCopied(*master_, *slave);
  slave->Stop();
  master_->Put(5);
  slave->Start();
  AwaitCopied(*master_, *slave);
  ExpectEqualLogs(*master_, *slave);
}

TEST_F(ReplicationTest, AMasterThatIsStoppedInOrderLeavesNothingBehind) {
  StartMaster();
  const auto slave = MakeSlave();
  slave->Start();
  master_->Put(1);
  AwaitCopied(*master_, *slave);
  master_->Put(50);
  const auto end = master_->store().log().end();
  master_->Stop();
  EXPECT_EQ(slave->store().log().end(), end);
}

TEST_F(ReplicationTest, ASlaveThatIsToldTheHaAddressStillAsksItsMasterFirst) {
  StartMaster();
  master_->Put(1);
  const auto slave = MakeSlave();
  slave->options.broker.ha_master_address = master_->ha_address();
  slave->Start();
  AwaitCopied(*master_, *slave);
  EXPECT_EQ(master_->store().replicas().All().at(0).broker_id, 1);
}

TEST_F(ReplicationTest, ASlaveComesBackToAMasterThatWasRestarted) {
  SettleDown(*master_);
  StartMaster();
  const auto slave = MakeSlave();
  slave->Start();
  master_->Put(5);
  AwaitCopied(*master_, *slave);
  master_->Stop();
  StartMaster();
  master_->Put(5);
  AwaitCopied(*master_, *slave);
  ExpectEqualLogs(*master_, *slave);
}

}  // namespace
}  // namespace comet::broker
