// What a slave answers, and who is sent to it.

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/wire/requests/delete_topic.h"
#include "remoting/wire/requests/get_group_config.h"
#include "remoting/wire/requests/lock_queues.h"
#include "remoting/wire/requests/reset_offset.h"
#include "slave_fixture.h"
#include "test/golden/golden_frames.h"
#include "test/net/raw_peer.h"
#include "test/store/faulty_file_system.h"

namespace comet::broker {
namespace {

using testing::HasSubstr;
using SlaveServing = SlaveTest;

constexpr std::int32_t kFound = 0, kNotFound = 19, kRetryAtOnce = 20, kMoved = 21, kNoGroup = 26;

TEST_F(SlaveServing, RefusesWhatOnlyAMasterDoes) {
  StartBoth();
  Fill(1);
  EXPECT_EQ(slave_->Send("to the slave"), 2);
  wire::UpdateTopic::Header topic;
  topic.topic = "mine";
  topic.default_topic = "TBW102";
  EXPECT_THAT(std::string(slave_->Ask<wire::UpdateTopic>(topic)->remark),
              HasSubstr("from slave broker"));
  EXPECT_THAT(std::string(slave_->Ask<wire::UpdateGroup>({}, R"({"groupName":"mine"})")->remark),
              HasSubstr("from slave broker"));
  wire::ResetOffset::Header reset;
  reset.group = "readers";
  reset.topic = "orders";
  EXPECT_EQ(slave_->Ask<wire::ResetOffset>(reset)->remark, "Can not reset offset in slave broker");
  const auto locked = slave_->Ask<wire::LockQueues>(
      {}, R"({"clientId":"c","consumerGroup":"readers","mqSet":[)"
          R"({"brokerName":"broker-a","queueId":0,"topic":"orders"}]})");
  EXPECT_EQ(locked->code, 0);
  EXPECT_EQ(locked->body, R"({"lockOKMQSet":[]})");
  wire::GetGroupConfig::Header group;
  group.group = "unheard-of";
  EXPECT_EQ(slave_->Ask<wire::GetGroupConfig>(group)->code, 26);  // and is not made
  // Tools delete on every broker; the topic goes when the master's goes.
  wire::DeleteTopic::Header gone;
  gone.topic = "orders";
  EXPECT_EQ(slave_->Ask<wire::DeleteTopic>(gone)->code, 0);
  AwaitRound();
  EXPECT_NE(slave_->broker().context().topics.Find("orders"), nullptr);
  ExpectEqualLogs(*master_, *slave_);
}

// The requests of the recordings, answered as Apache's slaves did: messages as 5.3.3, which refuses
// before it looks, topics and pulls as 4.9.7, which serves what 5.3.3 refuses by default.
TEST_F(SlaveServing, AnswersAsRecorded) {
  StartBoth();
  CreateTopic(*master_, "GoldenPush", 1);
  CreateGroup(*master_, "GID_push_all");
  for (int i = 0; i < 4; ++i) {
    wire::SendMessage::Header header;
    header.producer_group = "producers";
    header.topic = "GoldenPush";
    header.default_topic = "TBW102";
    EXPECT_EQ(master_->Ask<wire::SendMessage>(header, "body")->code, 0);
  }
  AwaitCopied(*master_, *slave_);
  EXPECT_TRUE(Eventually([&] {
    const auto* queue = slave_->store().queues().Find("GoldenPush", 0);
    return queue != nullptr && queue->queue().end() == 4;
  }));
  AwaitRound();
  const std::map<std::string, std::vector<std::string>> wanted = {
      {"slave-5.3.3/raw-to-slave", {"send-to-slave", "sendback-to-slave", "endtx-to-slave"}},
      {"slave-4.9.7/raw-to-slave",
       {"create-topic-on-slave", "endtx-to-slave", "pull-from-slave", "pull-from-slave-at-max",
        "pull-from-slave-too-large"}}};
  for (const auto& [file, scenarios] : wanted) {
    const auto frames = golden::ReadGoldenFrames(file);
    for (const auto& scenario : scenarios) {
      net::RawPeer peer(slave_->broker().port());
      int answers = 0;
      for (const auto& frame : frames) {
        if (frame.scenario != scenario) continue;
        if (frame.to_server) {
          ASSERT_TRUE(peer.Send(frame.Bytes()));
          continue;
        }
        const auto answer = peer.Receive();
        ASSERT_TRUE(answer.has_value()) << scenario;
        EXPECT_EQ(answer->code, frame.code) << file << " " << scenario;
        EXPECT_EQ(answer->remark, frame.remark.value_or("")) << file << " " << scenario;
        ++answers;
      }
      EXPECT_EQ(answers, 1) << scenario;
    }
  }
}

TEST_F(SlaveServing, ReadsAreServedWhileTheMasterIsGone) {
  StartBoth();
  Fill(3);
  EXPECT_EQ(Pull(*slave_, 0)->code, kFound);
  EXPECT_EQ(Pull(*slave_, 0)->reply.suggest_broker_id, 0);  // the way back
  master_->Stop();
  AwaitMasterGone();
  const auto found = Pull(*slave_, 0);
  EXPECT_EQ(found->code, kFound);
  EXPECT_EQ(found->reply.next_offset, 3);
  EXPECT_EQ(found->reply.suggest_broker_id, 1);  // the other would not answer
  EXPECT_EQ(Commit(*slave_, 3), 0);
  // The master may have had these: nobody is set back, nor sent in a circle.
  const auto beyond = Pull(*slave_, 90, wire::pull_flag::kSuspend);
  EXPECT_EQ(beyond->code, kNotFound);
  EXPECT_EQ(beyond->reply.next_offset, 90);
}

TEST_F(SlaveServing, ANewGroupReadsWhileTheMasterIsGone) {
  StartBoth();
  Fill(3);
  const auto pull = [&] {
    return PullAs(*slave_, "late", 0)->code;
  };
  EXPECT_EQ(pull(), kNoGroup);  // its master makes it
  master_->Stop();
  AwaitMasterGone();
  EXPECT_EQ(pull(), kFound);
  wire::UpdateConsumerOffset::Header header;
  header.consumer_group = "late";
  header.topic = "orders";
  header.queue_id = 0;
  header.commit_offset = 3;
  EXPECT_EQ(slave_->Ask<wire::UpdateConsumerOffset>(header)->code, 0);
  StartMaster();
  CreateGroup(*master_, "another");
  const auto& groups = slave_->broker().context().groups;
  EXPECT_TRUE(
      Follows([&] { return groups.Find("another") != nullptr && groups.Find("late") == nullptr; }));
}

TEST_F(SlaveServing, WhoAsksForWhatIsNotThereIsSentToTheMaster) {
  StartBoth();
  Fill(3);
  const auto beyond = Pull(*slave_, 90);
  EXPECT_EQ(beyond->code, kRetryAtOnce);
  EXPECT_EQ(beyond->reply.next_offset, 90);
  EXPECT_EQ(beyond->reply.suggest_broker_id, 0);
  EXPECT_EQ(Pull(*slave_, 3, wire::pull_flag::kSuspend)->code, kRetryAtOnce);
  EXPECT_EQ(Pull(*master_, 90)->code, kMoved);
}

TEST_F(SlaveServing, WhoAsksForWhatASlaveCannotReadIsSentToTheMasterAtOnce) {
  store::FaultyFileSystem disk(files_);
  SettleDown(*master_);
  StartMaster();
  slave_ = MakeMember("slave1", 1, BrokerRole::kSlave, &disk);
  slave_->options.broker.slave_read = true;
  slave_->Start();
  AwaitRound();
  Fill(3);
  EXPECT_EQ(Pull(*slave_, 0)->code, kFound);
  disk.fail_reads = true;
  const auto unread = Pull(*slave_, 0, wire::pull_flag::kSuspend);
  EXPECT_EQ(unread->code, kRetryAtOnce);
  EXPECT_EQ(unread->reply.next_offset, 0);
  EXPECT_EQ(unread->reply.suggest_broker_id, 0);
  disk.fail_reads = false;
  slave_.reset();  // before its disk
}

TEST_F(SlaveServing, AReaderThatLagsIsSentToASlaveThatHasWhatItNeeds) {
  master_->options.broker.slave_read = true;
  master_->options.broker.memory_percent = 0;  // everything lags
  StartBoth();
  Fill(3);
  EXPECT_EQ(Pull(*master_, 0)->reply.suggest_broker_id, 1);
  slave_->Stop();
  EXPECT_TRUE(Eventually([&] { return master_->store().replicas().All().empty(); }));
  EXPECT_EQ(Pull(*master_, 0)->reply.suggest_broker_id, 0);
  // One that is there, and has not got so far.
  auto& replicas = master_->store().replicas();
  ASSERT_TRUE(replicas.Identify("127.0.0.1:7777", 1).ok());
  const auto replica = replicas.Attach("127.0.0.1:7777");
  replicas.OnAck(replica, 10);
  EXPECT_EQ(Pull(*master_, 0)->reply.suggest_broker_id, 0);
  replicas.OnAck(replica, master_->store().log().end());
  EXPECT_EQ(Pull(*master_, 0)->reply.suggest_broker_id, 1);
  replicas.Detach(replica);
}

TEST_F(SlaveServing, AReaderThatLagsStaysWithItsSlaveAndOneThatCaughtUpGoesBack) {
  StartMaster();
  slave_ = MakeSlave();
  slave_->options.broker.slave_read = true;
  slave_->options.broker.memory_percent = 0;
  slave_->Start();
  AwaitRound();
  Fill(3);
  EXPECT_EQ(Pull(*slave_, 0)->reply.suggest_broker_id, 1);
  slave_->Stop();
  slave_->options.broker.memory_percent = 40;
  slave_->Start();
  AwaitRound();
  EXPECT_EQ(Pull(*slave_, 0)->reply.suggest_broker_id, 0);
}

}  // namespace
}  // namespace comet::broker
