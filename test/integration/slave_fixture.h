#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "broker/slave/metadata_sync.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "remoting/wire/requests/update_group.h"
#include "remoting/wire/requests/update_topic.h"
#include "replication_fixture.h"

namespace comet::broker {

// A master and one slave that follows it.
class SlaveTest : public ReplicationTest {
 protected:
  void StartBoth() {
    SettleDown(*master_);
    StartMaster();
    slave_ = MakeSlave();
    slave_->Start();
    AwaitRound();
  }
  static MetadataSync& SyncOf(Member& slave) { return *slave.broker().context().metadata_sync; }
  // The replicas get a trickle of the log.
  static void LimitSending(Member& master, bool limited) {
    auto& live = master.broker().context().config;
    auto config = *live.Get();
    config.ha_flow_control = limited;
    config.ha_bytes_per_second = 1024;
    live.Replace(config);
  }
  // Until the slave has asked its master for everything, from now on. It asks while it copies the
  // log.
  void AwaitRound() {
    EXPECT_TRUE(Eventually([&] { return slave_->view().copies; }));
    AwaitQuestions();
  }
  // Whatever it may ask for.
  void AwaitQuestions() {
    for (int i = 0; i < 2; ++i) {  // the first may have begun before
      const auto before = SyncOf(*slave_).rounds();
      SyncOf(*slave_).RunSoon();
      EXPECT_TRUE(Eventually([&] { return SyncOf(*slave_).rounds() > before; }));
    }
  }
  // Until the condition holds; the slave asks its master before each look.
  bool Follows(const std::function<bool()>& condition) {
    return Eventually([&] {
      const auto before = SyncOf(*slave_).rounds();
      SyncOf(*slave_).RunSoon();
      return Eventually([&] { return SyncOf(*slave_).rounds() > before; }) && condition();
    });
  }
  void AwaitMasterGone() {
    SyncOf(*slave_).RunSoon();
    EXPECT_TRUE(Eventually([&] { return !SyncOf(*slave_).master_alive(); }));
  }
  static void CreateTopic(Member& on, std::string_view name, std::int32_t queues = 4) {
    wire::UpdateTopic::Header header;
    header.topic = name;
    header.default_topic = "TBW102";
    header.read_queues = header.write_queues = queues;
    header.perm = wire::perm::kReadWrite;
    EXPECT_EQ(on.Ask<wire::UpdateTopic>(header)->code, 0);
  }
  static void CreateGroup(Member& on, std::string_view name) {
    const auto body = R"({"groupName":")" + std::string(name) + R"("})";
    EXPECT_EQ(on.Ask<wire::UpdateGroup>({}, body)->code, 0);
  }
  static std::int32_t Commit(Member& on, std::int64_t offset) {
    wire::UpdateConsumerOffset::Header header;
    header.consumer_group = "readers";
    header.topic = "orders";
    header.queue_id = 0;
    header.commit_offset = offset;
    return on.Ask<wire::UpdateConsumerOffset>(header)->code;
  }
  static std::int64_t Offset(Member& on) {
    return on.broker().context().offsets.Query("readers", "orders", 0);
  }
  static net::OwnedAnswer<wire::PullMessage> Pull(Member& on, std::int64_t offset,
                                                  std::int32_t more_flags = 0) {
    return PullAs(on, "readers", offset, more_flags);
  }
  static net::OwnedAnswer<wire::PullMessage> PullAs(Member& on, std::string_view group,
                                                    std::int64_t offset,
                                                    std::int32_t more_flags = 0) {
    wire::PullMessage::Header header;
    header.consumer_group = group;
    header.topic = "orders";
    header.queue_offset = offset;
    header.max_messages = 32;
    header.sys_flag = wire::pull_flag::kSubscription | more_flags;
    header.suspend_timeout_ms = 50;
    header.subscription = "*";
    return on.Ask<wire::PullMessage>(header);
  }
  // Messages in queue 0 of orders, a group that reads them, and both on the slave.
  void Fill(int count) {
    master_->Put(count);
    CreateGroup(*master_, "readers");
    AwaitCopied(*master_, *slave_);
    EXPECT_TRUE(Follows([&] {
      auto& context = slave_->broker().context();
      const auto* queue = context.store.queues().Find("orders", 0);
      return queue != nullptr && queue->queue().end() == count &&
             context.topics.Find("orders") != nullptr && context.groups.Find("readers") != nullptr;
    }));
  }

  std::unique_ptr<Member> slave_;
};

}  // namespace comet::broker
