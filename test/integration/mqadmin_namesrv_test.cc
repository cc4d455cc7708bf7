#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mqadmin_fixture.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

using MqadminNamesrv = MqadminTest;

TEST_F(MqadminNamesrv, AKeyIsSetReadListedAndDeleted) {
  const Ran set = Admin({"updateKvConfig", "-s", "limits", "-k", "orders", "-v", "100"});
  EXPECT_EQ(set.out, "create or update kv config to namespace success.\n");
  EXPECT_EQ(set.err, Concat(cluster_.namesrv(),
                            ": PUT_KV_CONFIG key orders of namespace limits\n"
                            "  + orders: \"100\"\n"));
  EXPECT_EQ(Out({"getKvConfig", "-s", "limits", "-k", "orders"}),
            Concat(cluster_.namesrv(), " orders : 100\n"));
  EXPECT_EQ(Out({"listKvConfig", "-s", "limits", "-o", "json"}),
            "[{\"key\":\"orders\",\"value\":\"100\"}]\n");
  EXPECT_EQ(Admin({"deleteKvConfig", "-s", "limits", "-k", "orders"}).code, ExitCode::kUsage);
  EXPECT_EQ(Out({"deleteKvConfig", "-s", "limits", "-k", "orders", "--yes"}),
            "delete kv config from namespace success.\n");
  EXPECT_EQ(Admin({"getKvConfig", "-s", "limits", "-k", "orders"}).code, ExitCode::kNotFound);
  EXPECT_EQ(Admin({"listKvConfig", "-s", "nothing"}).code, ExitCode::kNotFound);
}

TEST_F(MqadminNamesrv, OneOfTwoThatIsGoneIsPartial) {
  const std::string both = Concat(cluster_.namesrv(), ";127.0.0.1:1");
  Out({"updateKvConfig", "-s", "limits", "-k", "orders", "-v", "100"});
  const Ran ran = Admin({"getKvConfig", "-s", "limits", "-k", "orders", "-n", both});
  EXPECT_EQ(ran.code, ExitCode::kPartial);
  EXPECT_THAT(ran.err, HasSubstr("127.0.0.1:1"));
  EXPECT_EQ(ran.out, Concat(cluster_.namesrv(), " orders : 100\n"));
  EXPECT_EQ(Admin({"getNamesrvConfig", "-n", "127.0.0.1:1"}).code, ExitCode::kUnreachable);
}

TEST_F(MqadminNamesrv, SettingsAreShownAndChanged) {
  EXPECT_THAT(Out({"getNamesrvConfig"}),
              StartsWith(Concat("============", cluster_.namesrv(), "============\n")));
  const Ran dry =
      Admin({"updateNamesrvConfig", "-k", "orderMessageEnable", "-v", "true", "--dry-run"});
  EXPECT_THAT(dry.out, HasSubstr("  orderMessageEnable: \"false\" -> \"true\"\n"));
  EXPECT_THAT(Out({"getNamesrvConfig"}),
              HasSubstr("orderMessageEnable                                "
                        "=  false\n"));
  EXPECT_EQ(Out({"updateNamesrvConfig", "-k", "orderMessageEnable", "-v", "true"}),
            Concat("update name server config success![", cluster_.namesrv(),
                   "]\norderMessageEnable : true\n"));
}

TEST_F(MqadminNamesrv, ARefusedSettingIsExitCode3) {
  const Ran ran = Admin({"updateNamesrvConfig", "-k", "kvConfigPath", "-v", "/x"});
  EXPECT_EQ(ran.code, ExitCode::kRefused);
  EXPECT_THAT(ran.err, HasSubstr("Can not update config in black list."));
}

TEST_F(MqadminNamesrv, TakesAndGivesThePermissionToWrite) {
  Out({"updateTopic", "-b", Broker(), "-t", "orders"});
  OutWith("orders", {"topicList"});
  EXPECT_EQ(Admin({"wipeWritePerm", "-b", "broker-a"}).code, ExitCode::kUsage);
  EXPECT_THAT(Out({"wipeWritePerm", "-b", "broker-a", "--yes"}),
              MatchesRegex("wipe write perm of broker.broker-a. in name server.127.0.0.1:[0-9]+. "
                           "OK, [0-9]+\n"));
  OutWith("\"perm\":4", {"topicRoute", "-t", "orders", "-o", "json"});
  EXPECT_THAT(Out({"addWritePerm", "-b", "broker-a"}), StartsWith("add write perm of broker["));
  OutWith("\"perm\":6", {"topicRoute", "-t", "orders", "-o", "json"});
  EXPECT_EQ(Admin({"addWritePerm", "-b", "nobody"}).code, ExitCode::kNotFound);
}

}  // namespace
}  // namespace comet::cli
