#include <comet/client.h>

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mqadmin_fixture.h"
#include "remoting/base/text.h"
#include "test/base/temp_directory.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using MqadminTopics = MqadminTest;

TEST_F(MqadminTopics, AChangeKeepsWhatIsNotGiven) {
  const std::string broker = Broker();
  Out({"updateTopic", "-b", broker, "-t", "orders", "-r", "4", "-w", "5", "-p", "4", "-a",
       "+message.type=FIFO"});
  const Ran ran = Admin({"updateTopic", "-b", broker, "-t", "orders", "-r", "7"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_EQ(ran.err,
            Concat(broker, ": UPDATE_AND_CREATE_TOPIC topic orders\n  readQueueNums: 4 -> 7\n"));
  EXPECT_THAT(ran.out, HasSubstr(Concat("create topic to ", broker, " success.\nTopicConfig [")));
  EXPECT_THAT(ran.out, HasSubstr("readQueueNums=7, writeQueueNums=5, perm=R--"));
  const Json row = Document({"topicRoute", "-t", "orders", "-l"}).AsArray()->front();
  EXPECT_EQ(*row.Find("writeQueueNums"), Json(std::int64_t{5}));
}

TEST_F(MqadminTopics, ReplaceHasApachesMeaning) {
  const std::string broker = Broker();
  Out({"updateTopic", "-b", broker, "-t", "orders", "-r", "4", "-w", "5", "-p", "4"});
  EXPECT_THAT(Out({"updateTopic", "-b", broker, "-t", "orders", "-r", "7", "--replace"}),
              HasSubstr("readQueueNums=7, writeQueueNums=8, perm=RW-"));
}

TEST_F(MqadminTopics, ADryRunShowsTheDifferenceAndChangesNothing) {
  const std::string broker = Broker();
  const Json document = Document({"updateTopic", "-b", broker, "-t", "new", "--dry-run"});
  EXPECT_EQ(*document.Find("dryRun"), Json(true));
  const Json& change = document.Find("changes")->AsArray()->front();
  EXPECT_EQ(*change.Find("where"), Json(broker));
  EXPECT_THAT(Out({"updateTopic", "-c", "DefaultCluster", "-t", "new", "--dry-run"}),
              HasSubstr("  + writeQueueNums: 8\n"));
  EXPECT_THAT(Out({"topicList"}), Not(HasSubstr("new")));
}

TEST_F(MqadminTopics, AnOrderedTopicIsListedAtTheNameServers) {
  EXPECT_THAT(Out({"updateTopic", "-c", "DefaultCluster", "-t", "orders", "-w", "3", "-o", "true"}),
              HasSubstr("set cluster orderConf. isOrder=true, orderConf=[broker-a:3]\n"));
  EXPECT_THAT(Out({"updateTopic", "-b", Broker(), "-t", "orders", "-w", "4"}),
              StartsWith("set broker orderConf. isOrder=true, orderConf=[broker-a:4]\n"));
}

TEST_F(MqadminTopics, DeletingWantsConsent) {
  Out({"updateTopic", "-b", Broker(), "-t", "orders"});
  OutWith("orders", {"topicList"});
  const std::vector<std::string_view> words{"deleteTopic", "-c", "DefaultCluster", "-t", "orders"};
  const Ran refused = Admin(words);
  EXPECT_EQ(refused.code, ExitCode::kUsage);
  EXPECT_THAT(refused.err, HasSubstr("--yes"));
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(Admin(words, {.typed = "order\n", .on_terminal = true}).code, ExitCode::kUsage);
  EXPECT_THAT(Out({"topicList"}), HasSubstr("orders\n"));
  const Ran done = Admin(words, {.typed = "orders\n", .on_terminal = true});
  EXPECT_EQ(done.out,
            "delete topic [orders] from cluster [DefaultCluster] success.\n"
            "delete topic [orders] from NameServer success.\n");
  EXPECT_THAT(Out({"topicList"}), Not(HasSubstr("orders\n")));
}

TEST_F(MqadminTopics, DeletingShowsWhoReadsIt) {
  Out({"updateTopic", "-b", Broker(), "-t", "orders", "-r", "1", "-w", "1"});
  OutWith("orders", {"topicList"});
  Out({"updateSubGroup", "-b", Broker(), "-g", "billing"});
  auto client = Client::connect(ClientOptions().set_namesrv(cluster_.namesrv()));
  ASSERT_TRUE(client) << client.error().message();
  auto consumer = (*client)->pull_consumer(PullConsumerOptions().set_group("billing"));
  ASSERT_TRUE(consumer) << consumer.error().message();
  ASSERT_TRUE(consumer->assign({{"orders", "broker-a", 0}}));
  const auto committed = consumer->commit({"orders", "broker-a", 0}, 0);
  ASSERT_TRUE(committed) << committed.error().message();
  const Ran ran = Admin({"deleteTopic", "-c", "DefaultCluster", "-t", "orders", "--dry-run"});
  EXPECT_THAT(ran.err, HasSubstr("group billing reads it: "));
  EXPECT_THAT(ran.out, HasSubstr("  - readQueueNums: 1\n"));
}

TEST_F(MqadminTopics, ScriptsForApachesToolDeleteWithoutBeingAsked) {
  Out({"updateTopic", "-b", Broker(), "-t", "orders"});
  const Ran done =
      Admin({"deleteTopic", "-c", "DefaultCluster", "-t", "orders"}, {.assume_yes = true});
  EXPECT_EQ(done.code, ExitCode::kOk) << done.err;
}

TEST_F(MqadminTopics, AreListedAsOneDocument) {
  Out({"updateTopic", "-b", Broker(), "-t", "orders"});
  OutWith("\"topic\":\"orders\"", {"topicList", "-o", "json"});
}

TEST_F(MqadminTopics, StatusHasAMemberForTheRate) {
  Out({"updateTopic", "-b", Broker(), "-t", "orders", "-w", "2", "-r", "2"});
  OutWith("orders", {"topicList"});
  const Json sent =
      Document({"sendMessage", "-t", "orders", "-p", "hello", "-b", "broker-a", "-i", "1"});
  EXPECT_EQ(*sent.Find("sent")->AsArray()->front().Find("queueId"), Json(std::int64_t{1}));
  const std::string status = OutWith("\"queueId\":1,\"minOffset\":0,\"maxOffset\":1,",
                                     {"topicStatus", "-t", "orders", "-o", "json"});
  EXPECT_THAT(status, StartsWith("{\"queues\":[{\"brokerName\":\"broker-a\","));
  EXPECT_THAT(status, HasSubstr("],\"putTps\":"));
}

TEST_F(MqadminTopics, ThatAreNotThereAreExitCode4) {
  EXPECT_EQ(Admin({"topicStatus", "-t", "nowhere"}).code, ExitCode::kNotFound);
  EXPECT_EQ(Admin({"updateTopic", "-c", "NoCluster", "-t", "orders"}).code, ExitCode::kNotFound);
}

TEST_F(MqadminTopics, APermissionIsChangedAndNothingElse) {
  const std::string broker = Broker();
  Out({"updateTopic", "-b", broker, "-t", "orders", "-r", "3", "-w", "2", "-a",
       "+message.type=FIFO"});
  EXPECT_THAT(Out({"updateTopicPerm", "-b", broker, "-t", "orders", "-p", "4"}),
              StartsWith(Concat("update topic perm from 6 to 4 in ", broker,
                                " success.\nTopicConfig [topicName=orders, readQueueNums=3, "
                                "writeQueueNums=2, perm=R--")));
  EXPECT_EQ(Out({"updateTopicPerm", "-b", broker, "-t", "orders", "-p", "4"}),
            "new perm equals to the old one!\n");
  EXPECT_THAT(Out({"getTopicConfig", "-c", "DefaultCluster", "-t", "orders"}),
              HasSubstr("readQueueNums=3, writeQueueNums=2, perm=R--, topicFilterType=SINGLE_TAG, "
                        "topicSysFlag=0, order=false, attributes={message.type=FIFO}]"));
  EXPECT_EQ(Admin({"updateTopicPerm", "-b", broker, "-t", "nowhere", "-p", "4"}).code,
            ExitCode::kNotFound);
  EXPECT_EQ(Admin({"getTopicConfig", "-b", broker, "-t", "nowhere"}).code, ExitCode::kNotFound);
}

TEST_F(MqadminTopics, AFileMakesSeveral) {
  const TempDirectory directory;
  const std::string path = directory / "topics.json";
  std::ofstream(path) << R"([{"topicName":"one","readQueueNums":2},{"topicName":"two"}])";
  const Ran dry = Admin({"updateTopicList", "-b", Broker(), "-f", path, "--dry-run"});
  EXPECT_THAT(dry.out, HasSubstr("  + one.readQueueNums: 2\n"));
  EXPECT_EQ(Out({"updateTopicList", "-b", Broker(), "-f", path}),
            Concat("submit batch of topic config to ", Broker(),
                   " success, please check the result later.\n"));
  EXPECT_THAT(Out({"getTopicConfig", "-b", Broker(), "-t", "one"}), HasSubstr("readQueueNums=2"));
  for (const auto* text : {"{}", "[]", "[{}]", "[{\"topicName\":1", "[{\"readQueueNums\":1}]"}) {
    std::ofstream(path) << text;
    EXPECT_EQ(Admin({"updateTopicList", "-b", Broker(), "-f", path}).code, ExitCode::kUsage)
        << text;
  }
  EXPECT_NE(Admin({"updateTopicList", "-b", Broker(), "-f", path + ".no"}).code, ExitCode::kOk);
}

TEST_F(MqadminTopics, TellTheirClustersAndHowQueuesAreShared) {
  Out({"updateTopic", "-b", Broker(), "-t", "orders", "-r", "3", "-w", "3"});
  OutWith("orders", {"topicList"});
  EXPECT_EQ(Out({"topicClusterList", "-t", "orders"}), "DefaultCluster\n");
  EXPECT_EQ(
      Out({"allocateMQ", "-t", "orders", "-i", "a,b"}),
      "{\"result\":{\"a\":[{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"orders\"},"
      "{\"brokerName\":\"broker-a\",\"queueId\":1,\"topic\":\"orders\"}],\"b\":[{\"brokerName\":"
      "\"broker-a\",\"queueId\":2,\"topic\":\"orders\"}]}}\n");
  EXPECT_THAT(OutWith("orders", {"topicList", "-c"}), HasSubstr("DefaultCluster        orders "));
}

TEST_F(MqadminTopics, AnOrderIsSetReadAndDeleted) {
  const std::string topic = "orders";
  EXPECT_EQ(Admin({"updateOrderConf", "-t", topic, "-m", "put"}).code, ExitCode::kUsage);
  EXPECT_EQ(Admin({"updateOrderConf", "-t", topic, "-m", "move"}).code, ExitCode::kUsage);
  EXPECT_EQ(Out({"updateOrderConf", "-t", topic, "-m", "put", "-v", "broker-a:8"}),
            "update orderConf success. topic=[orders], orderConf=[broker-a:8]\n");
  EXPECT_EQ(Out({"updateOrderConf", "-t", topic, "-m", "get"}),
            "get orderConf success. topic=[orders], orderConf=[broker-a:8] \n");
  EXPECT_EQ(Out({"updateOrderConf", "-t", topic, "-m", "delete"}),
            "delete orderConf success. topic=[orders]\n");
  EXPECT_EQ(Admin({"updateOrderConf", "-t", topic, "-m", "get"}).code, ExitCode::kNotFound);
}

}  // namespace
}  // namespace comet::cli
