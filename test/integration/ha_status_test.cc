// What mqadmin haStatus says of replication that does not work, at both ends.

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/json.h"
#include "remoting/base/text.h"
#include "remoting/wire/ha_stream.h"
#include "replication_fixture.h"
#include "test/console/run.h"
#include "test/net/raw_peer.h"

namespace comet::broker {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class HaStatusTest : public ReplicationTest {
 protected:
  static std::string Show(Member& member, std::vector<std::string_view> more = {}) {
    const std::string address = Concat("127.0.0.1:", member.broker().port());
    std::vector<std::string_view> words{"haStatus", "-b", address};
    words.insert(words.end(), more.begin(), more.end());
    const auto ran = cli::Mqadmin(words);
    EXPECT_EQ(ran.code, cli::ExitCode::kOk) << ran.err;
    return ran.out;
  }
  static std::vector<Json> Troubles(Member& member) {
    const auto document = ParseJson(Show(member, {"-o", "json"}));
    const auto* troubles = document->AsArray()->front().Find("haStatus")->Find("troubles");
    return troubles == nullptr ? std::vector<Json>() : *troubles->AsArray();
  }
  // Waits until there are so many.
  static std::vector<Json> AwaitTroubles(Member& member, std::size_t count) {
    std::vector<Json> troubles;
    EXPECT_TRUE(Eventually([&] {
      troubles = Troubles(member);
      return troubles.size() == count;
    })) << Show(member);
    return troubles;
  }
  // A store with messages of its own, where that slave will look for its own.
  void FillAlone(const std::string& name, int count) {
    const auto alone = MakeMember(name, 0, BrokerRole::kAsyncMaster);
    alone->options.broker.namesrv_addr = "";
    alone->Start();
    alone->Put(count);
  }
  void Wipe(const std::string& name) { std::filesystem::remove_all(directory_ / name); }
};

TEST_F(HaStatusTest, BothSidesShowADivergenceUntilItIsMended) {
  FillAlone("slave1", 3);
  StartMaster();
  master_->Put(10);
  auto slave = MakeSlave();
  slave->Start();
  const auto at_slave = AwaitTroubles(*slave, 1).front();
  EXPECT_THAT(*at_slave.Find("text")->AsString(), HasSubstr("diverged: at log offset "));
  EXPECT_EQ(*at_slave.Find("addr"), Json(master_->ha_address()));
  EXPECT_EQ(*at_slave.Find("brokerId"), Json(std::int64_t{0}));
  const auto at_master = AwaitTroubles(*master_, 1).front();
  EXPECT_THAT(*at_master.Find("text")->AsString(), HasSubstr("diverged: at log offset "));
  EXPECT_EQ(*at_master.Find("brokerId"), Json(std::int64_t{1}));
  EXPECT_GT(*at_master.Find("timestamp")->AsInteger(), 1'700'000'000'000);
  EXPECT_THAT(Show(*master_), AllOf(HasSubstr("#SlaveNum\t0\n"), HasSubstr("#Trouble\n127.0.0.1:"),
                                    HasSubstr("wipe it to copy this one\n")));
  EXPECT_THAT(Show(*slave), AllOf(HasSubstr("#MasterFlushOffset\t0\n\n#PeerAddr"),
                                  HasSubstr("diverged: at log offset ")));

  slave->Stop();
  Wipe("slave1");
  slave->Start();
  AwaitCopied(*master_, *slave);
  AwaitTroubles(*master_, 0);
  AwaitTroubles(*slave, 0);
  EXPECT_THAT(Show(*master_), Not(HasSubstr("#Trouble")));
  EXPECT_THAT(Show(*slave), Not(HasSubstr("#Trouble")));
}

TEST_F(HaStatusTest, ASecondSlaveOfOneIdIsShownUntilItHasAnother) {
  StartMaster();
  const auto first = MakeMember("first", 1, BrokerRole::kSlave);
  first->Start();
  master_->Put(3);
  AwaitCopied(*master_, *first);
  const auto second = MakeMember("second", 1, BrokerRole::kSlave);
  second->Start();
  for (Member* member : {second.get(), master_.get()}) {
    EXPECT_THAT(*AwaitTroubles(*member, 1).front().Find("text")->AsString(),
                HasSubstr("is attached as broker 1 already"));
  }
  EXPECT_EQ(Troubles(*first).size(), 0U);
  second->Stop();
  second->options.broker.id = 2;
  second->Start();
  AwaitTroubles(*master_, 0);
  AwaitTroubles(*second, 0);
}

// Replicas of others have no word for who they are.
TEST_F(HaStatusTest, ReplicasThatReportNonsenseAreShownAndSilentStrangersAreNot) {
  master_->options.broker.ha_heartbeat_ms = 400;
  master_->options.broker.ha_silence_max_ms = 2000;
  StartMaster();
  net::RawPeer silent(master_->broker().ha_port());
  EXPECT_TRUE(silent.ClosedByServer());
  EXPECT_EQ(Troubles(*master_).size(), 0U);
  std::string report(wire::kHaReportBytes, '\0');
  wire::EncodeHaReport(99, report.data());
  net::RawPeer ahead(master_->broker().ha_port());
  ASSERT_TRUE(ahead.Send(report));
  EXPECT_TRUE(ahead.ClosedByServer());
  const auto trouble = AwaitTroubles(*master_, 1).front();
  EXPECT_THAT(*trouble.Find("text")->AsString(),
              HasSubstr("has the log up to offset 99, this master only to 0"));
  EXPECT_THAT(Show(*master_), HasSubstr("unknown"));
}

TEST_F(HaStatusTest, ASlaveShowsThatItsMasterIsGoneUntilItIsBack) {
  SettleDown(*master_);
  StartMaster();
  const auto slave = MakeSlave();
  slave->Start();
  master_->Put(3);
  AwaitCopied(*master_, *slave);
  AwaitTroubles(*slave, 0);
  master_->Stop();
  EXPECT_TRUE(Eventually([&] { return !Troubles(*slave).empty(); }));
  EXPECT_THAT(Show(*slave), HasSubstr(master_->options.broker.ip1));
  StartMaster();
  AwaitTroubles(*slave, 0);
}

}  // namespace
}  // namespace comet::broker
