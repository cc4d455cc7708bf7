#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mqadmin_fixture.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

using MqadminBrokers = MqadminTest;

TEST_F(MqadminBrokers, TellTheirStatus) {
  EXPECT_THAT(Out({"brokerStatus", "-b", Broker()}),
              ContainsRegex("brokerVersionDesc               : V"));
  EXPECT_THAT(Out({"brokerStatus", "-c", "DefaultCluster"}),
              StartsWith(Concat(Broker(), std::string(25 - Broker().size(), ' '))));
  const Json document = Document({"brokerStatus", "-c", "DefaultCluster"});
  const Json& first = document.AsArray()->front();
  EXPECT_EQ(*first.Find("brokerName"), Json(std::string("broker-a")));
  EXPECT_NE(first.Find("status")->Find("putTps"), nullptr);
}

TEST_F(MqadminBrokers, TellHowFarTheirReplicasAre) {
  const std::string alone =
      Concat("\n#MasterAddr\t", Broker(),
             "\n#MasterCommitLogMaxOffset\t0\n#SlaveNum\t0\n#InSyncSlaveNum\t0\n"
             "#SlaveAddr                        #SlaveAckOffset             #Diff "
             "#TransferSpeed(KB/s)          #Status #TransferFromWhere\n");
  EXPECT_EQ(Out({"haStatus", "-b", Broker()}), alone);
  EXPECT_EQ(Out({"haStatus", "-c", "DefaultCluster"}), alone);
  const Json status = *Document({"haStatus", "-b", Broker()}).AsArray()->front().Find("haStatus");
  EXPECT_EQ(*status.Find("master"), Json(true));
  EXPECT_EQ(Admin({"haStatus", "-b", "127.0.0.1:1"}).code, ExitCode::kUnreachable);
  EXPECT_EQ(Admin({"haStatus"}).code, ExitCode::kUsage);
}

TEST_F(MqadminBrokers, AreListedWithTheirLoad) {
  const Json row = Document({"clusterList"}).AsArray()->front();
  EXPECT_EQ(*row.Find("brokerAddr"), Json(Broker()));
  EXPECT_EQ(*row.Find("putTps"), Json(0.0));
  EXPECT_EQ(*Document({"clusterList", "-m"}).AsArray()->front().Find("putToday"),
            Json(std::int64_t{0}));
  EXPECT_EQ(Admin({"clusterList", "-c", "nowhere"}).code, ExitCode::kNotFound);
}

TEST_F(MqadminBrokers, ThatAreGoneAreExitCode2) {
  EXPECT_EQ(Admin({"brokerStatus", "-b", "127.0.0.1:1"}).code, ExitCode::kUnreachable);
  EXPECT_EQ(Admin({"updateBrokerConfig", "-b", "127.0.0.1:1", "-k", "a", "-v", "b"}).code,
            ExitCode::kUnreachable);
}

TEST_F(MqadminBrokers, ASettingIsChangedWithItsDifferenceShown) {
  const std::vector<std::string_view> words{
      "updateBrokerConfig", "-c", "DefaultCluster", "-k", "brokerPermission", "-v", "4"};
  const Ran ran = Admin(words);
  EXPECT_EQ(ran.out, Concat("update broker config success, ", Broker(), "\n"));
  EXPECT_EQ(ran.err, Concat(Broker(),
                            ": UPDATE_BROKER_CONFIG broker config\n"
                            "  brokerPermission: \"6\" -> \"4\"\n"));
  EXPECT_THAT(Admin(words).err, HasSubstr("  nothing changes\n"));
  EXPECT_EQ(Admin({"updateBrokerConfig", "-b", Broker(), "-k", "noSuchKey", "-v", "1"}).code,
            ExitCode::kUsage);
}

TEST_F(MqadminBrokers, CleanUpWhenToldTo) {
  EXPECT_EQ(Out({"cleanExpiredCQ", "-b", Broker()}), "success\n");
  EXPECT_EQ(Out({"cleanExpiredCQ"}), "success\n");
  EXPECT_EQ(Admin({"cleanUnusedTopic", "-b", Broker()}).code, ExitCode::kUsage);
  EXPECT_EQ(Out({"cleanUnusedTopic", "-b", Broker(), "--yes"}), "success\n");
  EXPECT_EQ(Out({"deleteExpiredCommitLog", "-c", "DefaultCluster", "--yes"}), "success\n");
  const Json done = Document({"cleanExpiredCQ", "-b", Broker()});
  EXPECT_EQ(*done.Find("results")->AsArray()->front().Find("ok"), Json(true));
}

TEST_F(MqadminBrokers, AnswerProbesInTheirOwnTopic) {
  EXPECT_THAT(Out({"sendMsgStatus", "-b", "broker-a", "-c", "2", "-s", "10"}),
              ContainsRegex("^rt=[0-9]+ms, SendResult=SendResult .sendStatus=SEND_OK, msgId="));
  EXPECT_EQ(
      Document({"sendMsgStatus", "-b", "broker-a", "-c", "3"}).Find("sent")->AsArray()->size(), 3U);
  EXPECT_THAT(Out({"sendMsgStatus", "-b", "broker-a", "--dry-run"}),
              HasSubstr("51 messages of topic broker-a"));
}

// A reader that goes away after the first round, as head does.
class OneRound : public std::stringbuf {
 protected:
  int sync() override { return -1; }
};

TEST_F(MqadminBrokers, AreProbedUntilNobodyReadsTheFigures) {
  OneRound buffer;
  std::ostream out(&buffer);
  std::ostringstream err;
  std::istringstream in;
  const std::vector<std::string_view> words{"clusterRT", "-a", "3", "-i", "86400"};
  EXPECT_EQ(RunMqadmin(words, {cluster_.namesrv()}, {out, err, in}), ExitCode::kFailed);
  EXPECT_THAT(buffer.str(), ContainsRegex("DefaultCluster +broker-a +[0-9]+.[0-9][0-9] +3 +0 "));
  EXPECT_THAT(err.str(), HasSubstr("the output could not be written"));
}

TEST_F(MqadminBrokers, ShowHowFarTheirGroupsAre) {
  const Json document = Document({"brokerConsumeStats", "-b", Broker()});
  EXPECT_TRUE(document.Find("queues")->AsArray()->empty());
  EXPECT_EQ(*document.Find("diffTotal"), Json(std::int64_t{0}));
  EXPECT_THAT(Out({"brokerConsumeStats", "-b", Broker()}), HasSubstr("\n\nDiff Total: 0\n"));
}

}  // namespace
}  // namespace comet::cli
