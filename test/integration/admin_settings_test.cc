#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/context.h"
#include "broker_fixture.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/get_broker_config.h"
#include "remoting/wire/requests/update_broker_config.h"

namespace comet::broker {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class BrokerSettings : public BrokerTest {
 protected:
  BrokerSettings() {
    options_.config_file = directory_ / "broker.conf";
    std::ofstream(options_.config_file) << "brokerName=broker-a\n";
    Start();
  }
  net::OwnedAnswer<wire::UpdateBrokerConfig> Change(std::string_view lines) {
    return Ask<wire::UpdateBrokerConfig>({}, lines);
  }
  std::string Text() { return std::string(Ask<wire::GetBrokerConfig>({})->body); }
};

TEST_F(BrokerSettings, AreSortedLinesWithAVersion) {
  const auto answer = Ask<wire::GetBrokerConfig>({});
  EXPECT_EQ(answer->code, 0);
  EXPECT_THAT(std::string(answer->reply.version), StartsWith(R"({"counter":0,"stateVersion":0,)"));
  for (const auto* line :
       {"brokerName=broker-a\n", "fileReservedTime=72\n", "flushDiskType=ASYNC_FLUSH\n",
        "brokerRole=ASYNC_MASTER\n", "brokerIP1=127.0.0.1\n", "listenPort=0\n",
        "serverChannelMaxIdleTimeSeconds=120\n", "netFrameBytesMax=16777216\n"}) {
    EXPECT_THAT(std::string(answer->body), HasSubstr(line));
  }
}

TEST_F(BrokerSettings, ChangeWhatTheBrokerDoes) {
  Put("orders", "one");
  const auto closed = Change("brokerPermission=2\n");
  EXPECT_EQ(closed->code, 0);
  EXPECT_EQ(closed->remark, "applied now: brokerPermission");
  EXPECT_EQ(Pull(PullFrom("orders", 0))->code, 16);
  EXPECT_EQ(Change("brokerPermission=6\n")->code, 0);
  EXPECT_EQ(Next("orders", 0).body, "one");
  EXPECT_THAT(Text(), HasSubstr("brokerPermission=6\n"));
}

TEST_F(BrokerSettings, NameServersChangeAtOnce) {
  EXPECT_EQ(Change("namesrvAddr=127.0.0.1:1;127.0.0.1:2\n")->remark, "applied now: namesrvAddr");
  EXPECT_NE(Change("namesrvAddr=banana\n")->code, 0);
  EXPECT_THAT(Text(), HasSubstr("namesrvAddr=127.0.0.1:1;127.0.0.1:2\n"));
}

TEST_F(BrokerSettings, ThatWaitForAStartAreSaidSo) {
  const auto answer = Change("defaultTopicQueueNums=3\nsendMessageThreadPoolNums=4\n");
  EXPECT_EQ(answer->code, 0);
  EXPECT_EQ(answer->remark,
            "kept, applied at the next start: defaultTopicQueueNums; no effect in this broker: "
            "sendMessageThreadPoolNums");
  EXPECT_THAT(Text(), HasSubstr("defaultTopicQueueNums=3\n"));
}

TEST_F(BrokerSettings, ThatMayNotBeAreRefused) {
  struct Case {
    std::string body;
    std::int32_t code;
    std::string remark;
  };
  const std::vector<Case> cases = {
      {"brokerConfigPath=/x\n", 16, "Can not update config in black list."},
      {"storePathRootDir=/x\n", 16, "Can not update config in black list."},
      {"noSuchKey=1\n", 29, "noSuchKey: unknown key"},
      {"brokerPermision=6\n", 29, "the nearest is brokerPermission"},
      {"brokerPermission=9\n", 29,
       "brokerPermission: \"9\" is not allowed; allowed is a whole number from 0 to 6"},
      {"brokerName\n", 29, "brokerName: has no value"},
      {"deleteWhen=banana\n", 29, "deleteWhen: \"banana\" is not allowed; allowed is hours"},
      {"deleteWhen=24\n", 29, "deleteWhen: \"24\" is not allowed"},
      {"namesrvAddr=a:1;banana\n", 29, "'banana' is not host:port"},
      {"brokerRole=SLAVE\n", 29, "brokerRole: \"SLAVE\" is not allowed"},
      {"a=\\u00\n", 1, "string2Properties error"},
  };
  const auto before = Text();
  for (const auto& one : cases) {
    const auto answer = Change(one.body);
    EXPECT_EQ(answer->code, one.code) << one.body;
    EXPECT_THAT(std::string(answer->remark), HasSubstr(one.remark));
  }
  EXPECT_EQ(Text(), before);
  EXPECT_EQ(Change("")->code, 0);
}

}  // namespace
}  // namespace comet::broker
