#include "console/cli/running_text.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/describe_json.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kNowMs = 1'772'331'700'000;

// As a client answers; one queue of the topic orders, consumed a while ago.
client::RunningInfo Info(const std::string& queue_id, const std::string& tags = "*",
                         const std::string& more = "\"cachedMsgCount\":0,\"locked\":true",
                         const std::string& ordered = "false") {
  auto info = FromJson<client::RunningInfo>(
      R"({"properties":{"PROP_CONSUME_TYPE":"CONSUME_PASSIVELY","PROP_CONSUMEORDERLY":")" +
      ordered + R"(","PROP_THREADPOOL_CORE_SIZE":20},"subscriptionSet":[{"topic":"orders",)" +
      R"("subString":")" + tags + R"(","expressionType":"TAG"}],"mqTable":{{"topic":"orders",)" +
      R"("brokerName":"a","queueId":)" + queue_id + R"(}:{"commitOffset":7,)" + more +
      R"(,"lastConsumeTimestamp":1772331600000,"lastLockTimestamp":1772331600000}},)" +
      R"("statusTable":{"orders":{"pullRT":1.5,"pullTPS":2,"consumeFailedMsgs":3}}})");
  EXPECT_TRUE(info.ok()) << info.error().message();
  return info.Take();
}

TEST(RunningText, HasTheSectionsOfApachesTool) {
  const std::string text = TextOf(Info("0", "TagA"));
  EXPECT_THAT(text, testing::StartsWith("#Consumer Properties#\n"));
  EXPECT_THAT(text, HasSubstr("PROP_THREADPOOL_CORE_SIZE               : 20\n"));
  EXPECT_THAT(text, HasSubstr("001 Topic: orders                                   ClassFilter: "
                              "false    SubExpression: TagA\n"));
  EXPECT_THAT(text, HasSubstr("ProcessQueueInfo [commitOffset=7, "));
  EXPECT_THAT(text, HasSubstr("orders                                      1.50           2.00"));
}

TEST(RunningText, APropertyMayBeNoText) {
  EXPECT_EQ(Info("0").Property("PROP_THREADPOOL_CORE_SIZE"), "20");
  EXPECT_EQ(Info("0").Property("never"), "");
}

TEST(GroupCheck, ClientsThatShareTheQueuesAreBalanced) {
  const GroupCheck check = CheckGroup({{"c1", Info("0")}, {"c2", Info("1")}}, false, kNowMs);
  EXPECT_TRUE(check.same_subscriptions);
  EXPECT_TRUE(check.balanced);
  EXPECT_EQ(check.blocked, "");
}

TEST(GroupCheck, AQueueHeldTwiceIsNotBalancedUnlessTheyBroadcast) {
  const std::map<std::string, client::RunningInfo> clients{{"c1", Info("0")}, {"c2", Info("0")}};
  EXPECT_FALSE(CheckGroup(clients, false, kNowMs).balanced);
  EXPECT_TRUE(CheckGroup(clients, true, kNowMs).balanced);
}

TEST(GroupCheck, AQueueThatWasGivenUpIsHeldByNobody) {
  EXPECT_TRUE(
      CheckGroup({{"c1", Info("0", "*", "\"droped\":true")}, {"c2", Info("0")}}, false, kNowMs)
          .balanced);
}

TEST(GroupCheck, SubscriptionsMayDiffer) {
  EXPECT_FALSE(CheckGroup({{"c1", Info("0", "TagA")}, {"c2", Info("1", "TagB")}}, false, kNowMs)
                   .same_subscriptions);
}

TEST(GroupCheck, ABlockedQueueHasALine) {
  EXPECT_EQ(CheckGroup({{"c1", Info("0", "*", "\"cachedMsgCount\":3")}}, false, kNowMs).blocked,
            "c1 MessageQueue [topic=orders, brokerName=a, queueId=0] can't consume for a while, "
            "maybe blocked, 100000ms\n");
}

TEST(GroupCheck, AnOrderedQueueWithoutItsLockHasALine) {
  EXPECT_EQ(CheckGroup({{"c1", Info("0", "*", "\"locked\":false", "true")}}, false, kNowMs).blocked,
            "c1 MessageQueue [topic=orders, brokerName=a, queueId=0] can't lock for a while, "
            "100000ms\n");
}

}  // namespace
}  // namespace comet::cli
