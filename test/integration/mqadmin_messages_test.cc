#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mqadmin_fixture.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// Four messages in queue 0 of orders, tagged in turn TagA and TagB; billing stands behind the
// first.
class MqadminMessages : public MqadminTest {
 protected:
  MqadminMessages() {
    Out({"updateTopic", "-b", Broker(), "-t", "orders", "-r", "1", "-w", "1"});
    OutWith("orders", {"topicList"});
    for (int i = 0; i < 4; ++i) {
      const std::string body = Concat("body ", i);
      const std::string key = Concat("key-", i);
      const Json sent = Document({"sendMessage", "-t", "orders", "-p", body, "-k", key, "-c",
                                  i % 2 == 0 ? "TagA" : "TagB", "-b", "broker-a", "-i", "0"});
      ids_.push_back(*sent.Find("sent")->AsArray()->front().Find("msgId")->AsString());
    }
    Out({"updateSubGroup", "-b", Broker(), "-g", "billing"});
    OutWith("\"maxOffset\":4", {"topicStatus", "-t", "orders", "-o", "json"});
    Yes({"resetOffsetByTime", "-g", "billing", "-t", "orders", "-s", "now", "-b", Broker(), "-q",
         "0", "-o", "1"});
  }

  Ran Yes(const std::vector<std::string_view>& words) const {
    const Ran ran = Admin(words, {.assume_yes = true});
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
    return ran;
  }
  std::int64_t Offset(std::string_view group) const {
    const Json document = Document({"consumerProgress", "-g", group, "-t", "orders"});
    return *document.Find("queues")->AsArray()->front().Find("consumerOffset")->AsInteger();
  }

  std::vector<std::string> ids_;
};

TEST_F(MqadminMessages, AreFoundByTheirIdsAndKeys) {
  OutWith(ids_[1], {"queryMsgByKey", "-t", "orders", "-k", "key-1"});
  for (const std::string_view command : {"queryMsgById", "queryMsgByUniqueKey"}) {
    const Json document = Document({command, "-t", "orders", "-i", ids_[1]});
    const Json& message = document.AsArray()->front();
    EXPECT_EQ(*message.Find("body"), Json(std::string("body 1"))) << command;
    EXPECT_EQ(*message.Find("queueOffset"), Json(std::int64_t{1})) << command;
    EXPECT_EQ(Admin({command, "-t", "orders", "-i", "nosuch"}).code, ExitCode::kNotFound);
  }
}

TEST_F(MqadminMessages, IsSentOnceMoreWithItsOwnId) {
  OutWith(ids_[1], {"queryMsgByKey", "-t", "orders", "-k", "key-1"});
  const std::vector<std::string_view> words{"queryMsgById", "-t", "orders", "-i",
                                            ids_[1],        "-s", "true"};
  auto dry = words;
  dry.push_back("--dry-run");
  EXPECT_THAT(Out(dry), HasSubstr("SEND_MESSAGE"));
  EXPECT_THAT(Out(words), HasSubstr(Concat("sendStatus=SEND_OK, msgId=", ids_[1], ", ")));
  OutWith("\"maxOffset\":5", {"topicStatus", "-t", "orders", "-o", "json"});
  const Json last =
      Document({"printMsgByQueue", "-t", "orders", "-a", "broker-a", "-i", "0", "-p", "true"});
  EXPECT_EQ(*last.Find("messages")->AsArray()->back().Find("msgId"), Json(ids_[1]));
}

TEST_F(MqadminMessages, APushNeedsAClientThatIsThere) {
  OutWith(ids_[1], {"queryMsgByKey", "-t", "orders", "-k", "key-1"});
  const Ran ran =
      Admin({"queryMsgById", "-t", "orders", "-i", ids_[1], "-g", "billing", "-d", "c@1"});
  EXPECT_NE(ran.code, ExitCode::kOk);
  EXPECT_THAT(ran.err, HasSubstr("<c@1> not online"));
  EXPECT_EQ(Admin({"queryMsgById", "-t", "orders", "-i", ids_[1], "-g", "billing"}).code,
            ExitCode::kUsage);
}

TEST_F(MqadminMessages, ArePrintedByTag) {
  const std::string all = Out({"printMsg", "-t", "orders"});
  EXPECT_THAT(all, HasSubstr("minOffset=0, maxOffset=4, MessageQueue [topic=orders, "));
  EXPECT_THAT(all, HasSubstr("BODY: body 3\n"));
  const std::string tagged = Out({"printMsg", "-t", "orders", "-s", "TagA", "-d", "false"});
  EXPECT_THAT(tagged, HasSubstr("TAGS=TagA"));
  EXPECT_THAT(tagged, Not(HasSubstr("TAGS=TagB")));
  EXPECT_THAT(tagged, HasSubstr("BODY: NOT PRINT BODY\n"));
  EXPECT_EQ(Out({"printMsgByQueue", "-t", "orders", "-a", "broker-a", "-i", "0", "-f", "true"}),
            "Tag: TagA                           Count: 2\n"
            "Tag: TagB                           Count: 2\n");
}

TEST_F(MqadminMessages, ConsumingStopsAfterTheNumber) {
  const Json document = Document({"consumeMessage", "-t", "orders", "-c", "3"});
  EXPECT_EQ(document.AsArray()->size(), 3U);
}

TEST_F(MqadminMessages, ATraceThatIsNotThereIsExitCode4) {
  EXPECT_EQ(Admin({"queryMsgTraceById", "-i", ids_[0], "-t", "orders"}).code, ExitCode::kNotFound);
}

TEST_F(MqadminMessages, AQueueShowsItsEntries) {
  const Json document = Document({"queryCq", "-t", "orders", "-q", "0", "-i", "1", "-c", "2"});
  EXPECT_EQ(*document.Find("maxQueueIndex"), Json(std::int64_t{4}));
  EXPECT_EQ(document.Find("queueData")->AsArray()->size(), 2U);
  EXPECT_EQ(*document.Find("queueData")->AsArray()->front().Find("index"), Json(std::int64_t{1}));
}

TEST_F(MqadminMessages, ProbesTellTheirTimes) {
  const Json document = Document({"checkMsgSendRT", "-t", "orders", "-a", "3", "-s", "10"});
  EXPECT_EQ(document.Find("sends")->AsArray()->size(), 3U);
  EXPECT_NE(document.Find("averageRtMs"), nullptr);
}

TEST_F(MqadminMessages, AGroupIsMovedInOneQueue) {
  EXPECT_EQ(Offset("billing"), 1);
  const std::string broker = Broker();
  const std::vector<std::string_view> words{"resetOffsetByTime",
                                            "-g",
                                            "billing",
                                            "-t",
                                            "orders",
                                            "-s",
                                            "now",
                                            "-b",
                                            broker,
                                            "-q",
                                            "0",
                                            "-o",
                                            "0"};
  EXPECT_EQ(Admin(words).code, ExitCode::kUsage);  // nobody agreed
  const Ran done = Yes(words);
  EXPECT_THAT(done.err, HasSubstr("broker-a:0: 1 -> 0\n"));
  EXPECT_THAT(done.out, HasSubstr("\nreset consumer offset to 0\n"));
  EXPECT_EQ(Offset("billing"), 0);
}

TEST_F(MqadminMessages, AGroupIsMovedToATimeAndToTheEnd) {
  const Ran dry = Yes({"skipAccumulatedMessage", "-g", "billing", "-t", "orders", "--dry-run"});
  EXPECT_THAT(dry.out, HasSubstr("broker-a:0: 1 -> 4\n"));
  EXPECT_EQ(Offset("billing"), 1);
  EXPECT_THAT(Yes({"skipAccumulatedMessage", "-g", "billing", "-t", "orders"}).out,
              HasSubstr("#offset"));
  EXPECT_EQ(Offset("billing"), 4);
  Yes({"resetOffsetByTime", "-g", "billing", "-t", "orders", "-s", "0"});
  EXPECT_EQ(Offset("billing"), 0);
}

TEST_F(MqadminMessages, AGroupWhoseClientsAreStoppedIsMovedTheOldWay) {
  Out({"updateSubGroup", "-b", Broker(), "-g", "audit"});
  const std::vector<std::string_view> words{
      "resetOffsetByTimeOld", "-g", "audit", "-t", "orders", "-s", "-1"};
  EXPECT_THAT(Yes(words).out, HasSubstr("#resetOffset"));
  EXPECT_EQ(Offset("audit"), 4);
  // What is not forced never goes forwards, what goes backwards is not held up.
  Yes({"resetOffsetByTimeOld", "-g", "audit", "-t", "orders", "-s", "0", "-f", "false"});
  EXPECT_EQ(Offset("audit"), 0);
  Yes({"resetOffsetByTimeOld", "-g", "audit", "-t", "orders", "-s", "-1", "-f", "false"});
  EXPECT_EQ(Offset("audit"), 0);
}

TEST_F(MqadminMessages, AnOffsetThatTheBrokerDoesNotTakeIsNoSuccess) {
  // billing was reset and has no clients yet: until they come the broker heeds nobody.
  const Ran ran = Admin({"cloneGroupOffset", "-s", "billing", "-d", "billing", "-t", "orders"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
  const Ran refused = Admin({"resetOffsetByTimeOld", "-g", "billing", "-t", "orders", "-s", "0"},
                            {.assume_yes = true});
  EXPECT_EQ(refused.code, ExitCode::kUnreachable);
  EXPECT_THAT(refused.err, HasSubstr("keeps offset 1 of queue 0: group billing was reset before"));
}

TEST_F(MqadminMessages, OffsetsAreClonedOfOneTopic) {
  Out({"updateSubGroup", "-b", Broker(), "-g", "audit"});
  const Ran ran = Yes({"cloneGroupOffset", "-s", "billing", "-d", "audit", "-t", "orders"});
  EXPECT_EQ(ran.out,
            "clone group offset success. srcGroup[billing], destGroup=[audit], "
            "topic[orders]\n");
  EXPECT_EQ(Offset("audit"), 1);
  EXPECT_EQ(Admin({"cloneGroupOffset", "-s", "never", "-d", "audit", "-t", "orders"}).code,
            ExitCode::kNotFound);
}

TEST_F(MqadminMessages, AnUnknownTimeIsRefused) {
  EXPECT_EQ(Admin({"resetOffsetByTime", "-g", "billing", "-t", "orders", "-s", "soon"}).code,
            ExitCode::kUsage);
}

TEST_F(MqadminMessages, FiguresHaveALineForEachGroup) {
  const Json document = Document({"statsAll", "-t", "orders"});
  const Json& row = document.AsArray()->front();
  EXPECT_EQ(*row.Find("consumerGroup"), Json(std::string("billing")));
  EXPECT_EQ(*row.Find("accumulation"), Json(std::int64_t{3}));
  EXPECT_EQ(Admin({"statsAll", "-t", "nowhere"}).code, ExitCode::kNotFound);
  EXPECT_EQ(*Document({"consumeTimeSpan", "-g", "billing", "-t", "orders"})
                 .AsArray()
                 ->front()
                 .Find("queueId"),
            Json(std::int64_t{0}));
}

}  // namespace
}  // namespace comet::cli
