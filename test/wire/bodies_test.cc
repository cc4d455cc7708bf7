// Bodies of the protocol reference: read, and written back to the same bytes.
#include <gtest/gtest.h>

#include "remoting/base/describe_json.h"
#include "remoting/base/hash.h"
#include "remoting/wire/bodies/cluster_info.h"
#include "remoting/wire/bodies/connections.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/bodies/lock_batch.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "remoting/wire/bodies/stats.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "remoting/wire/bodies/topic_config.h"
#include "remoting/wire/bodies/topic_route.h"

namespace comet::wire {
namespace {

template <Described T>
std::string Again(std::string_view text) {
  const auto read = FromJson<T>(text);
  return read.ok() ? ToJson(*read) : read.error().message();
}

TEST(Bodies, AreWrittenAsJavaWritesThem) {
  std::string_view text = R"({"counter":5,"stateVersion":0,"timestamp":1700000000000})";
  EXPECT_EQ(Again<DataVersion>(text), text);
  text = R"({"attributes":{},"order":false,"perm":6,"readQueueNums":8,)"
         R"("topicFilterType":"SINGLE_TAG","topicName":"TopicA","topicSysFlag":0,)"
         R"("writeQueueNums":8})";
  EXPECT_EQ(Again<TopicConfig>(text), text);
  text = R"({"attributes":{},"brokerId":0,"consumeBroadcastEnable":true,"consumeEnable":true,)"
         R"("consumeFromMinEnable":true,"consumeMessageOrderly":false,"consumeTimeoutMinute":15,)"
         R"("groupName":"GID_a","groupRetryPolicy":{"type":"CUSTOMIZED"},"groupSysFlag":0,)"
         R"("notifyConsumerIdsChangedEnable":true,"retryMaxTimes":16,"retryQueueNums":1,)"
         R"("whichBrokerWhenConsumeSlowly":1})";
  EXPECT_EQ(Again<SubscriptionGroupConfig>(text), text);
  SubscriptionGroupConfig fresh;
  fresh.name = "GID_a";
  EXPECT_EQ(ToJson(fresh), text);  // the defaults are RocketMQ's
  text = R"({"brokerAddrTable":{"broker-a":{"brokerAddrs":{0:"10.0.0.1:10911"},)"
         R"("brokerName":"broker-a","cluster":"DefaultCluster","enableActingMaster":false}},)"
         R"("clusterAddrTable":{"DefaultCluster":["broker-a"]}})";
  EXPECT_EQ(Again<ClusterInfo>(text), text);
  text = R"({"consumeTps":1.5,"offsetTable":{{"brokerName":"broker-a","queueId":0,)"
         R"("topic":"TopicA"}:{"brokerOffset":100,"consumerOffset":90,)"
         R"("lastTimestamp":1700000000000,"pullOffset":95}}})";
  EXPECT_EQ(Again<ConsumeStats>(text), text);
  text = R"({"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"TopicA"}:)"
         R"({"lastUpdateTimestamp":1700000000000,"maxOffset":100,"minOffset":0}},)"
         R"("topicPutTps":0.0})";
  EXPECT_EQ(Again<TopicStatsTable>(text), text);
  text = R"({"offsetTable":{"TopicA@GID_a":{0:123,1:5}}})";
  EXPECT_EQ(Again<ConsumerOffsetTable>(text), text);
  text = R"({"dataVersion":{"counter":1,"stateVersion":0,"timestamp":2},"offsetTable":{1:10,2:0}})";
  EXPECT_EQ(Again<DelayOffsetTable>(text), text);
  text = R"({"clientId":"c","consumerGroup":"GID_a","mqSet":[{"brokerName":"b","queueId":0,)"
         R"("topic":"TopicA"}],"onlyThisBroker":false})";
  EXPECT_EQ(Again<LockBatchBody>(text), text);
  text = R"({"statsDay":{"avgpt":0.0,"sum":0,"tps":0.0},"statsHour":{"avgpt":0.0,"sum":6,)"
         R"("tps":0.01},"statsMinute":{"avgpt":1.0,"sum":5,"tps":0.16667222240741358}})";
  EXPECT_EQ(Again<BrokerStatsData>(text), text);
  text = R"({"table":{"k":"v"}})";
  EXPECT_EQ(Again<KvTable>(text), text);
  text = R"({"offsetTable":{{"brokerName":"b","queueId":0,"topic":"t"}:123,)"
         R"({"brokerName":"b","queueId":1,"topic":"t"}:4}})";
  EXPECT_EQ(Again<ResetOffsetBody>(text), text);
  text = R"({"offsetTable":[{"brokerName":"b","offset":123,"queueId":0,"topic":"t"}]})";
  EXPECT_EQ(Again<ResetOffsetList>(text), text);
}

constexpr std::string_view kHeartbeat =
    R"({"clientID":"","consumerDataSet":[{"consumeFromWhere":"CONSUME_FROM_LAST_OFFSET",)"
    R"("consumeType":"CONSUME_PASSIVELY","groupName":"GID_test","messageModel":"CLUSTERING",)"
    R"("subscriptionDataSet":[{"classFilterMode":false,"codeSet":[2598919,2598920],)"
    R"("expressionType":"TAG","subString":"TagA || TagB","subVersion":0,)"
    R"("tagsSet":["TagA","TagB"],"topic":"TopicTest"}],"unitMode":false}],)"
    R"("heartbeatFingerprint":0,"producerDataSet":[{"groupName":"CLIENT_INNER_PRODUCER"}],)"
    R"("withoutSub":false})";

TEST(Bodies, AHeartbeatHasTheFingerprintOfJava) {
  const auto heartbeat = FromJson<HeartbeatData>(kHeartbeat);
  ASSERT_TRUE(heartbeat.ok()) << heartbeat.error().message();
  EXPECT_EQ(JavaStringHash(ToJson(*heartbeat)), 693356719);
}

TEST(Bodies, HeartbeatsOfOtherClientsAreRead) {
  const auto heartbeat = FromJson<HeartbeatData>(
      R"({"clientID":"c","consumerDataSet":[{"groupName":"g","consumeType":1,"messageModel":0,)"
      R"("consumeFromWhere":4,"subscriptionDataSet":[{"topic":"t","subString":"*",)"
      R"("codeSet":["-12",5]}]}]})");
  ASSERT_TRUE(heartbeat.ok()) << heartbeat.error().message();
  const auto& consumer = heartbeat->consumers.at(0);
  EXPECT_EQ(consumer.type, ConsumeType::kPassively);
  EXPECT_EQ(consumer.model, MessageModel::kBroadcasting);
  EXPECT_EQ(consumer.from_where, ConsumeFromWhere::kFirstOffset);
  EXPECT_EQ(consumer.subscriptions.at(0).codes, (std::set<std::int32_t>{-12, 5}));
  EXPECT_EQ(consumer.subscriptions.at(0).expression_type, "TAG");
  EXPECT_TRUE(heartbeat->producers.empty());
}

TEST(Bodies, RoutesHaveAStrictForm) {
  TopicRouteData route;
  route.brokers = {{"c", "b", {{0, "10.0.0.1:10911"}, {1, "10.0.0.2:10911"}}, false, {}}};
  route.queues = {{"b", 8, 8, 6, 0}};
  constexpr std::string_view kRest =
      R"(,"brokerName":"b","cluster":"c","enableActingMaster":false}],"filterServerTable":{},)"
      R"("queueDatas":[{"brokerName":"b","perm":6,"readQueueNums":8,"topicSysFlag":0,)"
      R"("writeQueueNums":8}]})";
  EXPECT_EQ(ToJson(route),
            R"({"brokerDatas":[{"brokerAddrs":{0:"10.0.0.1:10911",1:"10.0.0.2:10911"})" +
                std::string(kRest));
  EXPECT_EQ(ToJson(route, JsonStyle::kStrict),
            R"({"brokerDatas":[{"brokerAddrs":{"0":"10.0.0.1:10911","1":"10.0.0.2:10911"})" +
                std::string(kRest));
}

TEST(Bodies, AnUnknownLanguageIsLeftOut) {
  EXPECT_EQ(ToJson(Connection{"id", "1.2.3.4:5", {}, 7}),
            R"({"clientAddr":"1.2.3.4:5","clientId":"id","version":7})");
}

}  // namespace
}  // namespace comet::wire
