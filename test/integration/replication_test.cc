// A master and slaves in one process: the way of the log from one to the other, and what its
// producers hear.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eventually.h"
#include "remoting/base/text.h"
#include "replication_fixture.h"
#include "test/store/faulty_file_system.h"

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

// The file is cut under the master: to who has it mapped that is what a bad sector is.
TEST_F(ReplicationTest, ASlaveGetsAllThatTheMastersDeviceGivesAndWaitsThereWithAWord) {
  constexpr std::int64_t kFileBytes = 1 << 20;
  master_->options.store.segment_bytes = kFileBytes;
  StartMaster();
  master_->Put(1'200, 1'000);
  ASSERT_GT(master_->store().log().end(), kFileBytes);
  std::filesystem::resize_file(directory_ / "master/commitlog/00000000000000000000",
                               kFileBytes / 2);
  const auto slave = MakeSlave();
  slave->options.store.segment_bytes = kFileBytes;
  slave->Start();
  constexpr std::int64_t kRecordBytesMost = 1'300;
  EXPECT_TRUE(
      Eventually([&] { return slave->store().log().end() > kFileBytes / 2 - kRecordBytesMost; }));
  EXPECT_LE(slave->store().log().end(), kFileBytes / 2);
  const auto status = [&] {
    return std::string(master_->Ask<wire::GetBrokerHaStatus>({})->body);
  };
  EXPECT_TRUE(Eventually([&] {
    return status().find(Concat("does not give byte ", kFileBytes / 2)) != std::string::npos;
  })) << status();
  EXPECT_EQ(master_->store().replicas().All().size(), 1U) << "it is still there";
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

// What waits for the sync under way is in the log a moment later, and a master with more than its
// slave cannot become that slave's slave.
TEST_F(ReplicationTest, AMasterThatIsStoppedUnderLoadOnASlowDiskLeavesNothingBehind) {
  store::FaultyFileSystem disk(files_);
  std::atomic<bool> slow = false;
  disk.before_sync = [&slow] {
    if (slow) Hold(std::chrono::milliseconds(20));
  };
  master_ =
      std::make_unique<Member>(directory_ / "master", master_->options.broker.namesrv_addr, &disk);
  master_->options.store.flush = store::FlushDiskType::kSync;
  StartMaster();
  const auto slave = MakeSlave();
  slave->Start();
  master_->Put(1);
  AwaitCopied(*master_, *slave);
  slow = true;
  net::LoopGroup loops;
  loops.Start();
  const auto client = net::Client::Create(loops, Concat("127.0.0.1:", master_->broker().port()));
  std::atomic<int> answered = 0;
  std::vector<std::thread> producers;
  for (int i = 0; i < 8; ++i) {
    producers.emplace_back([&] {
      const auto header = Member::ToOrders();
      const net::CallOptions options{.timeout = std::chrono::seconds(30)};
      while (client->CallAndWait<wire::SendMessage>(header, "under load", options).ok()) ++answered;
    });
  }
  EXPECT_TRUE(Eventually([&] { return answered >= 50; }));
  master_->Stop();
  const auto end = slave->store().log().end();
  for (auto& producer : producers) producer.join();
  client->Close();
  slave->Stop();
  master_->Start();
  EXPECT_EQ(end, master_->store().log().end());
  master_->Stop();
  master_.reset();
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
