#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "broker/broker.h"
#include "broker/context.h"
#include "broker/ha/ha_client.h"
#include "eventually.h"
#include "namesrv/namesrv.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/requests/get_broker_ha_status.h"
#include "remoting/wire/requests/send_message.h"
#include "test/base/temp_directory.h"

namespace comet::broker {

// A broker of one group with a store of its own that lives longer than the broker, and a client.
class Member {
 public:
  // `disk` outlives it; the system's when there is none.
  Member(std::string root, std::string namesrv, FileSystem* disk = nullptr);
  ~Member() { Stop(); }

  BrokerOptions options;

  void Start();
  Status TryStart();
  void Stop();  // in order
  Broker& broker() { return *broker_; }
  store::Store& store() { return broker_->context().store; }
  HaClientView view() { return broker_->context().ha_client->view(); }
  std::string ha_address() { return "127.0.0.1:" + std::to_string(broker_->ha_port()); }

  static wire::SendMessage::Header ToOrders();  // of a message to queue 0
  // The code that a send is answered with.
  std::int32_t Send(std::string_view body, std::string_view properties = {});
  void Put(int count, std::size_t bytes = 100);  // sends that must succeed
  template <wire::Request R>
  net::OwnedAnswer<R> Ask(const typename R::Header& header, std::string_view body = {}) {
    auto answer = client_->CallAndWait<R>(header, body, {.timeout = std::chrono::seconds(30)});
    EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().ToString());
    return answer.Take();
  }

 private:
  PosixFileSystem files_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<net::LoopGroup> loops_;
  std::shared_ptr<net::Client> client_;
};

// A name server, a master and slaves of the group broker-a.
class ReplicationTest : public testing::Test {
 protected:
  ReplicationTest();
  ~ReplicationTest() override;

  std::unique_ptr<Member> MakeMember(const std::string& name, std::int64_t id, BrokerRole role,
                                     FileSystem* disk = nullptr);
  std::unique_ptr<Member> MakeSlave(std::int64_t id = 1) {
    return MakeMember("slave" + std::to_string(id), id, BrokerRole::kSlave);
  }
  // The member will be where it was after a restart: at ports that nobody is given by chance.
  static void SettleDown(Member& member);
  // Starts the master and waits until the name server can tell slaves of it.
  void StartMaster();

  static bool Eventually(const std::function<bool()>& condition) {
    return comet::Eventually(std::chrono::seconds(30), condition);
  }
  // Until the slave's log is the master's, on the disk, and the master knows.
  static void AwaitCopied(Member& master, Member& slave);
  // Byte for byte, of all files.
  static void ExpectEqualLogs(Member& a, Member& b);

  TempDirectory directory_;
  PosixFileSystem files_;
  std::unique_ptr<namesrv::Namesrv> namesrv_;
  std::unique_ptr<Member> master_;
};

}  // namespace comet::broker
