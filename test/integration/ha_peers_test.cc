// Peers of replication that mean ill, are broken or were set up wrong, on either side: each is
// told, or its connection closed, and nothing of a log is lost.

#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/net/acceptor.h"
#include "remoting/wire/ha_stream.h"
#include "remoting/wire/requests/attach_replica.h"
#include "remoting/wire/response_code.h"
#include "replication_fixture.h"
#include "test/net/raw_peer.h"

namespace comet::broker {
namespace {

using net::RawPeer;
using testing::HasSubstr;

std::string ReportOf(std::int64_t offset) {
  std::string report(wire::kHaReportBytes, '\0');
  wire::EncodeHaReport(offset, report.data());
  return report;
}

class HaPeersTest : public ReplicationTest {
 protected:
  RawPeer Connect() { return RawPeer(master_->broker().ha_port()); }
  void ExpectRefused(std::string_view bytes) {
    auto peer = Connect();
    ASSERT_TRUE(peer.Send(bytes));
    EXPECT_TRUE(peer.ClosedByServer());
  }
  void ExpectASlaveCopies() {
    const auto slave = MakeSlave(7);
    slave->Start();
    AwaitCopied(*master_, *slave);
  }
  static void BeSilentForHours(Member& member) {
    member.options.broker.ha_silence_max_ms = 3600 * 1000;
    member.options.broker.ha_heartbeat_ms = member.options.broker.ha_silence_max_ms / 2;
  }
  net::OwnedAnswer<wire::AttachReplica> Attach(std::int64_t id, const std::string& ha_address) {
    return master_->Ask<wire::AttachReplica>(
        {.broker_name = "broker-a", .broker_id = id, .ha_address = ha_address});
  }
  // Says which broker is at the other end of that connection.
  void AttachAs(std::int64_t id, const RawPeer& peer) {
    EXPECT_EQ(Attach(id, peer.name())->code, 0);
  }
  // The slave's store gets messages that nobody else has; gives its log's end.
  std::int64_t LiveOnceAsAMaster() {
    const auto other = MakeMember("slave1", 0, BrokerRole::kAsyncMaster);
    other->options.broker.namesrv_addr = "";
    other->Start();
    other->Put(3);
    return other->store().log().end();
  }
  // Why the slave does not copy; waits until there is a reason.
  std::string TroubleOf(Member& slave) {
    EXPECT_TRUE(Eventually([&] { return !slave.view().trouble.empty(); }));
    return slave.view().trouble;
  }
};

// --- who connects to a master ------------------------------------------------------------------

TEST_F(HaPeersTest, WhoReportsWhatThisLogNeverHadIsClosed) {
  StartMaster();
  master_->Put(3);
  const auto end = master_->store().log().end();
  ExpectRefused(ReportOf(end + 1));
  ExpectRefused(ReportOf(-1));
  ExpectRefused(ReportOf(INT64_MAX));
  ExpectRefused("GET / HTTP/1.1\r\nHost: broker\r\n\r\n");
  ExpectRefused(std::string(4096, '\xff'));
  EXPECT_TRUE(Eventually([&] { return master_->store().replicas().All().empty(); }));
  ExpectASlaveCopies();
}

TEST_F(HaPeersTest, WhoGoesBackIsClosed) {
  StartMaster();
  master_->Put(3);
  const auto end = master_->store().log().end();
  auto peer = Connect();
  ASSERT_TRUE(peer.Send(ReportOf(end)));
  EXPECT_TRUE(Eventually([&] { return master_->store().replicas().All().size() == 1; }));
  ASSERT_TRUE(peer.Send(ReportOf(end - 1)));
  EXPECT_TRUE(peer.ClosedByServer());
}

TEST_F(HaPeersTest, WhoIsSilentOrNeverCompletesAReportIsClosed) {
  master_->options.broker.ha_heartbeat_ms = 20;
  master_->options.broker.ha_silence_max_ms = 100;
  StartMaster();
  auto silent = Connect(), slow = Connect();
  ASSERT_TRUE(slow.Send("half"));
  EXPECT_TRUE(silent.ClosedByServer());
  EXPECT_TRUE(slow.ClosedByServer());
}

TEST_F(HaPeersTest, WhoeverComesInNumbersKeepsNoReplicaOut) {
  StartMaster();
  master_->Put(3);
  std::vector<RawPeer> crowd;
  for (int i = 0; i < 100; ++i) crowd.push_back(Connect());
  EXPECT_TRUE(crowd.front().ClosedByServer());
  ExpectASlaveCopies();
}

TEST_F(HaPeersTest, OnlyASlaveOfTheGroupWithAnIdOfItsOwnMayAttach) {
  StartMaster();
  const auto refused = [&](std::string_view group, std::int64_t id, std::int64_t end) {
    const auto answer = master_->Ask<wire::AttachReplica>(
        {.broker_name = group, .broker_id = id, .ha_address = "127.0.0.1:1", .max_offset = end});
    EXPECT_NE(answer->code, 0);
    return std::string(answer->remark);
  };
  EXPECT_THAT(refused("broker-b", 1, 0),
              HasSubstr("a broker of broker-a, the slave one of broker-b"));
  EXPECT_THAT(refused("broker-a", 0, 0), HasSubstr("both brokers of broker-a have brokerId 0"));
  EXPECT_THAT(refused("broker-a", 1, 99), HasSubstr("slave's log ends at 99, this master's at 0"));
  EXPECT_THAT(refused("broker-a", -1, 0), HasSubstr("brokerId -1"));
  EXPECT_THAT(refused("broker-a", 1, -1), HasSubstr("maxOffset -1"));
}

TEST_F(HaPeersTest, ATailThatNoLogHasIsRefused) {
  StartMaster();
  master_->Put(3);
  const auto refused = [&](std::int64_t offset, std::int64_t bytes) {
    const auto answer = master_->Ask<wire::AttachReplica>({.broker_name = "broker-a",
                                                           .broker_id = 1,
                                                           .ha_address = "127.0.0.1:1",
                                                           .max_offset = 0,
                                                           .tail_offset = offset,
                                                           .tail_bytes = bytes});
    return answer->code != 0;
  };
  EXPECT_FALSE(refused(0, 0));
  for (const auto huge : {INT64_MAX, INT64_MAX - 1, std::int64_t{1} << 30}) {
    EXPECT_TRUE(refused(0, huge));
    EXPECT_TRUE(refused(huge, 1));
    EXPECT_TRUE(refused(huge, huge));
  }
  EXPECT_TRUE(refused(0, -1));
  EXPECT_TRUE(refused(-1, 1));
  ExpectASlaveCopies();
}

// The host of a slave lost its power, and nobody told the master.
TEST_F(HaPeersTest, ASlaveThatCameBackIsLetInBeforeItsOldConnectionIsSilentForLong) {
  BeSilentForHours(*master_);
  StartMaster();
  master_->Put(3);
  auto copied = Connect(), asked = Connect();
  AttachAs(1, copied);
  ASSERT_TRUE(copied.Send(ReportOf(0)));
  EXPECT_TRUE(Eventually([&] { return master_->store().replicas().All().size() == 1; }));
  const auto slave = MakeSlave(1);
  slave->Start();
  AwaitCopied(*master_, *slave);
  EXPECT_TRUE(copied.ClosedByServer());
  EXPECT_EQ(master_->store().replicas().All().size(), 1U);
  slave->Stop();

  AttachAs(1, asked);
  slave->Start();
  AwaitCopied(*master_, *slave);
  EXPECT_TRUE(asked.ClosedByServer());
}

TEST_F(HaPeersTest, ASlaveIsKnownThoughItsQuestionOvertakesItsConnection) {
  StartMaster();
  const net::Socket own(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in there = here;
  there.sin_port = htons(master_->broker().ha_port());
  ASSERT_EQ(::bind(own.get(), reinterpret_cast<sockaddr*>(&here), sizeof(here)), 0);
  std::thread asks(
      [&] { EXPECT_EQ(Attach(5, "127.0.0.1:" + std::to_string(*net::PortOf(own)))->code, 0); });
  ASSERT_EQ(::connect(own.get(), reinterpret_cast<sockaddr*>(&there), sizeof(there)), 0);
  asks.join();
  const auto report = ReportOf(0);
  ASSERT_EQ(::send(own.get(), report.data(), report.size(), MSG_NOSIGNAL), std::ssize(report));
  EXPECT_TRUE(Eventually([&] { return !master_->store().replicas().All().empty(); }));
  EXPECT_EQ(master_->store().replicas().All().at(0).broker_id, 5);
}

TEST_F(HaPeersTest, AConnectionIsDecidedUponOnceAtATime) {
  BeSilentForHours(*master_);
  StartMaster();
  auto old = Connect(), fresh = Connect();
  AttachAs(1, old);
  ASSERT_TRUE(old.Send(ReportOf(0)));
  EXPECT_TRUE(Eventually([&] { return master_->store().replicas().All().size() == 1; }));
  std::atomic<int> let_in = 0;
  const auto ask = [&] {
    if (Attach(1, fresh.name())->code == 0) ++let_in;
  };
  std::thread other(ask);
  ask();
  other.join();
  EXPECT_EQ(let_in, 1);
}

// --- what a slave finds ------------------------------------------------------------------------

// Heartbeats are too rare to tell who lives.
TEST_F(HaPeersTest, OfTwoSlavesWithOneIdTheSecondIsToldAndTheFirstGoesOn) {
  BeSilentForHours(*master_);
  StartMaster();
  const auto first = MakeMember("first", 1, BrokerRole::kSlave);
  BeSilentForHours(*first);
  first->Start();
  master_->Put(3);
  AwaitCopied(*master_, *first);
  const auto second = MakeMember("second", 1, BrokerRole::kSlave);
  second->options.broker.name = "broker-a";
  second->Start();
  EXPECT_THAT(TroubleOf(*second), HasSubstr("is attached as broker 1 already"));
  EXPECT_EQ(second->store().log().end(), 0);
  master_->Put(3);
  AwaitCopied(*master_, *first);
}

TEST_F(HaPeersTest, ASlaveWhoseLogIsAnotherKeepsItAndNamesThePlace) {
  const auto end = LiveOnceAsAMaster();
  const auto last = end / 3 * 2;
  StartMaster();
  master_->Put(10);
  const auto slave = MakeSlave();
  slave->Start();
  EXPECT_THAT(TroubleOf(*slave), HasSubstr("diverged: at log offset " + std::to_string(last)));
  EXPECT_EQ(slave->store().log().end(), end);
  EXPECT_TRUE(master_->store().replicas().All().empty());
}

TEST_F(HaPeersTest, ASlaveThatIsAheadKeepsItsLogAndNamesBothEnds) {
  const auto end = LiveOnceAsAMaster();
  StartMaster();
  const auto slave = MakeSlave();
  slave->Start();
  EXPECT_THAT(TroubleOf(*slave),
              HasSubstr("slave's log ends at " + std::to_string(end) + ", this master's at 0"));
  EXPECT_EQ(slave->store().log().end(), end);
}

// Nobody tells it where the master takes requests, and nobody answers where most would.
TEST_F(HaPeersTest, ASlaveThatHasALogReportsNothingToAMasterThatItCannotAsk) {
  LiveOnceAsAMaster();
  auto sockets = net::ListenShared("127.0.0.1", 0, 1, 1).Take();
  const auto port = *net::PortOf(sockets[0]);
  const auto slave = MakeSlave();
  slave->options.broker.namesrv_addr = "";
  slave->options.broker.ha_master_address = "127.0.0.1:" + std::to_string(port);
  slave->Start();
  EXPECT_THAT(TroubleOf(*slave), HasSubstr("requests at 127.0.0.1:" + std::to_string(port - 1)));
  const net::Socket connection(::accept(sockets[0].get(), nullptr, nullptr));
  std::array<char, wire::kHaReportBytes> report;
  EXPECT_EQ(::recv(connection.get(), report.data(), report.size(), MSG_WAITALL), 0);
}

// Apache's masters send an empty slave their newest file only.
TEST_F(HaPeersTest, AnEmptySlaveRefusesALogWithoutItsBeginning) {
  auto sockets = net::ListenShared("127.0.0.1", 0, 1, 1).Take();
  const auto slave = MakeSlave();
  slave->options.broker.namesrv_addr = "";
  slave->options.broker.ha_master_address = "127.0.0.1:" + std::to_string(*net::PortOf(sockets[0]));
  slave->Start();
  pollfd waiting{sockets[0].get(), POLLIN, 0};
  ASSERT_EQ(::poll(&waiting, 1, 20'000), 1);
  const net::Socket connection(::accept(sockets[0].get(), nullptr, nullptr));
  std::array<char, wire::kHaReportBytes> report;
  ASSERT_EQ(::recv(connection.get(), report.data(), report.size(), MSG_WAITALL), 8);
  EXPECT_EQ(wire::DecodeHaReport(report.data()), 0);
  std::string frame(wire::kHaHeaderBytes, '\0');
  wire::EncodeHaHeader({2 << 20, 4}, frame.data());
  frame += "data";
  ASSERT_EQ(::send(connection.get(), frame.data(), frame.size(), MSG_NOSIGNAL), std::ssize(frame));
  const auto trouble = TroubleOf(*slave);
  EXPECT_THAT(trouble, HasSubstr("the first that comes is log offset 2097152"));
  EXPECT_THAT(trouble, HasSubstr("haAcceptPartialLog=true"));
  EXPECT_EQ(slave->store().log().end(), 0);
}

}  // namespace
}  // namespace comet::broker
