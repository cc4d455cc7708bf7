#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mqadmin_fixture.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

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
              testing::StartsWith("set broker orderConf. isOrder=true, orderConf=[broker-a:4]\n"));
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
  EXPECT_THAT(status, testing::StartsWith("{\"queues\":[{\"brokerName\":\"broker-a\","));
  EXPECT_THAT(status, HasSubstr("],\"putTps\":"));
}

TEST_F(MqadminTopics, ThatAreNotThereAreExitCode4) {
  EXPECT_EQ(Admin({"topicStatus", "-t", "nowhere"}).code, ExitCode::kNotFound);
  EXPECT_EQ(Admin({"updateTopic", "-c", "NoCluster", "-t", "orders"}).code, ExitCode::kNotFound);
}

}  // namespace
}  // namespace comet::cli
