#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/context.h"
#include "broker_fixture.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/connections.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/bodies/stats.h"
#include "remoting/wire/requests/get_all_producers.h"
#include "remoting/wire/requests/get_broker_runtime_info.h"
#include "remoting/wire/requests/get_consume_stats.h"
#include "remoting/wire/requests/get_consumer_connections.h"
#include "remoting/wire/requests/get_producer_connections.h"
#include "remoting/wire/requests/get_topic_stats.h"
#include "remoting/wire/requests/heartbeat.h"
#include "remoting/wire/requests/query_group_topics.h"
#include "remoting/wire/requests/query_subscription.h"
#include "remoting/wire/requests/query_topic_groups.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "remoting/wire/requests/view_broker_stats.h"
#include "store/dispatcher.h"

namespace comet::broker {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Figures : public BrokerTest {
 protected:
  Figures() { Start(); }

  void Beat(std::string_view group, std::string_view topic) {
    const auto answer = Ask<wire::Heartbeat>(
        {}, Concat(R"({"clientID":"10.1.2.3@c","producerDataSet":[{"groupName":"producers"}],)",
                   R"("consumerDataSet":[{"groupName":")", group,
                   R"(","consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING",)",
                   R"("consumeFromWhere":"CONSUME_FROM_FIRST_OFFSET","subscriptionDataSet":[)",
                   R"({"topic":")", topic,
                   R"(","subString":"TagA","tagsSet":["TagA"],"codeSet":[2598919],)",
                   R"("subVersion":5}]}]})"));
    ASSERT_EQ(answer->code, 0) << answer->remark;
  }
  void Commit(std::string_view group, std::string_view topic, std::int64_t offset) {
    wire::UpdateConsumerOffset::Header header;
    header.consumer_group = group;
    header.topic = topic;
    header.queue_id = 0;
    header.commit_offset = offset;
    EXPECT_EQ(Ask<wire::UpdateConsumerOffset>(header)->code, 0);
  }
  template <class Body, wire::Request R>
  Body Read(const typename R::Header& header) {
    const auto answer = Ask<R>(header);
    EXPECT_EQ(answer->code, 0) << answer->remark;
    auto body = FromJson<Body>(answer->body);
    EXPECT_TRUE(body.ok());
    return body.ok() ? body.Take() : Body{};
  }
  std::map<std::string, std::string> Info() {
    return Read<wire::KvTable, wire::GetBrokerRuntimeInfo>({}).table;
  }
  // What was counted so far is in the statistics afterwards.
  void Gather() {
    std::promise<void> done;
    broker_->context().stats.Gather([&done] { done.set_value(); });
    done.get_future().wait();
  }
  // The step that has shown the last message to its reader is over.
  void EndDispatch() {
    std::promise<void> done;
    broker_->context().store.dispatcher().Between([&done] { done.set_value(); });
    done.get_future().wait();
  }
};

TEST_F(Figures, OfATopicAreTheBoundsOfItsQueues) {
  Put("orders", "one");
  Put("orders", "two");
  Next("orders", 1);
  const auto stats = Read<wire::TopicStatsTable, wire::GetTopicStats>({"orders"});
  EXPECT_EQ(stats.offsets.size(), 4U);
  const auto& first = stats.offsets.at({"orders", "broker-a", 0});
  EXPECT_EQ(first.min, 0);
  EXPECT_EQ(first.max, 2);
  EXPECT_GT(first.last_update_ms, 1'700'000'000'000);
  EXPECT_EQ(stats.offsets.at({"orders", "broker-a", 1}).last_update_ms, 0);
  const auto missing = Ask<wire::GetTopicStats>({"nope"});
  EXPECT_EQ(missing->code, 17);
  EXPECT_EQ(missing->remark, "topic[nope] not exist");
}

TEST_F(Figures, OfAGroupAreItsProgressOnEachTopic) {
  Put("orders", "one");
  Put("orders", "two");
  Next("orders", 1);
  Commit("consumers", "orders", 1);
  const auto stats = Read<wire::ConsumeStats, wire::GetConsumeStats>({"consumers", "", ""});
  EXPECT_EQ(stats.offsets.size(), 4U);
  const auto& first = stats.offsets.at({"orders", "broker-a", 0});
  EXPECT_EQ(first.broker_offset, 2);
  EXPECT_EQ(first.consumer_offset, 1);
  EXPECT_EQ(first.pull_offset, 2);
  EXPECT_GT(first.last_timestamp_ms, 1'700'000'000'000);
  const auto& second = stats.offsets.at({"orders", "broker-a", 1});
  EXPECT_EQ(second.consumer_offset, 0);
  EXPECT_EQ(second.last_timestamp_ms, 0);
  const auto nobody = Read<wire::ConsumeStats, wire::GetConsumeStats>({"nobody", "", ""});
  EXPECT_TRUE(nobody.offsets.empty());
}

TEST_F(Figures, OfAGroupLeaveOutWhatItsMembersDoNotWant) {
  Put("orders", "one");
  Put("bills", "one");
  Beat("consumers", "orders");
  Commit("consumers", "orders", 1);
  Commit("consumers", "bills", 1);
  const auto all = Read<wire::ConsumeStats, wire::GetConsumeStats>({"consumers", "", ""});
  EXPECT_TRUE(all.offsets.contains({"orders", "broker-a", 0}));
  EXPECT_FALSE(all.offsets.contains({"bills", "broker-a", 0}));
  const auto listed =
      Read<wire::ConsumeStats, wire::GetConsumeStats>({"consumers", "", "bills;nope"});
  EXPECT_TRUE(listed.offsets.contains({"bills", "broker-a", 0}));
  EXPECT_FALSE(listed.offsets.contains({"orders", "broker-a", 0}));
}

TEST_F(Figures, GroupsOfATopicAreThoseOnlineAndThoseWithOffsets) {
  Put("orders", "one");
  Beat("online", "orders");
  Commit("online", "orders", 1);
  Ask<wire::Heartbeat>({}, R"({"clientID":"x","consumerDataSet":[{"groupName":"was"}]})");
  Commit("was", "orders", 1);
  EXPECT_THAT((Read<wire::GroupList, wire::QueryTopicGroups>({"orders"}).groups),
              ElementsAre("online", "was"));
  const auto topics = Read<wire::TopicList, wire::QueryGroupTopics>({"was"});
  EXPECT_THAT(topics.topics, ElementsAre("orders"));
  EXPECT_EQ(topics.broker_addr, Concat("127.0.0.1:", broker_->port()));
}

TEST_F(Figures, ConnectionsAreThoseOfHeartbeats) {
  Beat("consumers", "orders");
  const auto group = Read<wire::ConsumerConnection, wire::GetConsumerConnections>({"consumers"});
  ASSERT_EQ(group.connections.size(), 1U);
  EXPECT_EQ(group.connections[0].client_id, "10.1.2.3@c");
  EXPECT_THAT(group.connections[0].client_addr, StartsWith("127.0.0.1:"));
  EXPECT_EQ(group.connections[0].language, "CPP");
  EXPECT_EQ(group.from_where, wire::ConsumeFromWhere::kFirstOffset);
  EXPECT_EQ(group.subscriptions.at("orders").expression, "TagA");

  const auto producers =
      Read<wire::ProducerConnection, wire::GetProducerConnections>({"producers"});
  ASSERT_EQ(producers.connections.size(), 1U);
  const auto all = Read<wire::ProducerTable, wire::GetAllProducers>({});
  ASSERT_EQ(all.producers.at("producers").size(), 1U);
  EXPECT_THAT(all.producers.at("producers")[0].remote_ip, StartsWith("/127.0.0.1:"));
  EXPECT_GT(all.producers.at("producers")[0].last_update_ms, 1'700'000'000'000);

  const auto wanted =
      Read<wire::ConsumerSubscription, wire::QuerySubscription>({"consumers", "orders"});
  ASSERT_TRUE(wanted.subscription.has_value());
  EXPECT_EQ(wanted.subscription->version, 5);
}

TEST_F(Figures, WhoIsNotConnectedIsSaidSo) {
  const auto consumers = Ask<wire::GetConsumerConnections>({"never"});
  EXPECT_EQ(consumers->code, 206);
  EXPECT_EQ(consumers->remark, "the consumer group[never] not online");
  const auto producers = Ask<wire::GetProducerConnections>({"never"});
  EXPECT_EQ(producers->code, 1);
  EXPECT_EQ(producers->remark, "the producer group[never] not exist");
  EXPECT_FALSE((Read<wire::ConsumerSubscription, wire::QuerySubscription>({"never", "orders"})
                    .subscription.has_value()));
}

// What Apache's brokers 4.9.7 and 5.3.3 were seen to send, levels of delay and paths aside, and
// brokerVersion, which the exporter cannot do without.
TEST_F(Figures, RuntimeInfoHasEveryKeyThatToolsRead) {
  const std::set<std::string> keys = {"EndTransactionQueueSize",
                                      "EndTransactionThreadPoolQueueCapacity",
                                      "ackThreadPoolQueueCapacity",
                                      "ackThreadPoolQueueHeadWaitTimeMills",
                                      "ackThreadPoolQueueSize",
                                      "bootTimestamp",
                                      "brokerActive",
                                      "brokerVersion",
                                      "brokerVersionDesc",
                                      "commitLogDirCapacity",
                                      "commitLogDiskRatio",
                                      "commitLogMaxOffset",
                                      "commitLogMinOffset",
                                      "consumeQueueDiskRatio",
                                      "dispatchBehindBytes",
                                      "dispatchMaxBuffer",
                                      "earliestMessageTimeStamp",
                                      "getFoundTps",
                                      "getMessageEntireTimeMax",
                                      "getMissTps",
                                      "getTotalTps",
                                      "getTransferedTps",
                                      "getTransferredTps",
                                      "litePullThreadPoolQueueCapacity",
                                      "litePullThreadPoolQueueHeadWaitTimeMills",
                                      "litePullThreadPoolQueueSize",
                                      "msgGetTotalTodayMorning",
                                      "msgGetTotalTodayNow",
                                      "msgGetTotalYesterdayMorning",
                                      "msgPutTotalTodayMorning",
                                      "msgPutTotalTodayNow",
                                      "msgPutTotalYesterdayMorning",
                                      "pageCacheLockTimeMills",
                                      "pullThreadPoolQueueCapacity",
                                      "pullThreadPoolQueueHeadWaitTimeMills",
                                      "pullThreadPoolQueueSize",
                                      "putLatency99",
                                      "putLatency999",
                                      "putMessageAverageSize",
                                      "putMessageDistributeTime",
                                      "putMessageEntireTimeMax",
                                      "putMessageFailedTimes",
                                      "putMessageSizeTotal",
                                      "putMessageTimesTotal",
                                      "putTps",
                                      "queryThreadPoolQueueCapacity",
                                      "queryThreadPoolQueueHeadWaitTimeMills",
                                      "queryThreadPoolQueueSize",
                                      "remainHowManyDataToFlush",
                                      "remainTransientStoreBufferNumbs",
                                      "runtime",
                                      "sendThreadPoolQueueCapacity",
                                      "sendThreadPoolQueueHeadWaitTimeMills",
                                      "sendThreadPoolQueueSize",
                                      "startAcceptSendRequestTimeStamp",
                                      "timerCongestNum",
                                      "timerDequeueTps",
                                      "timerEnqueueTps",
                                      "timerOffsetBehind",
                                      "timerReadBehind"};
  const auto info = Info();
  for (const auto& key : keys) EXPECT_TRUE(info.contains(key)) << key;
  EXPECT_TRUE(info.contains("commitLogDiskRatio_" + options_.store.commit_log_path()));
  EXPECT_EQ(info.at("brokerVersion"), "479");
  EXPECT_EQ(info.at("earliestMessageTimeStamp"), "-1");
}

TEST_F(Figures, RuntimeInfoCountsWhatWentThrough) {
  const std::string delay = std::string("DELAY\x01") + "18\x02";
  Put("orders", "one");
  Put("orders", "two");
  Put("orders", "later", delay);
  Next("orders", 1);
  Next("SCHEDULE_TOPIC_XXXX", 0, 17);
  EndDispatch();
  Gather();
  const auto info = Info();
  EXPECT_EQ(info.at("putMessageTimesTotal"), "3");
  EXPECT_EQ(info.at("putMessageFailedTimes"), "0");
  EXPECT_EQ(info.at("msgPutTotalTodayNow"), "2");
  EXPECT_EQ(info.at("msgGetTotalTodayNow"), "1");
  EXPECT_EQ(info.at("dispatchBehindBytes"), "0");
  EXPECT_EQ(info.at("commitLogMaxOffset"), info.at("putMessageSizeTotal"));
  EXPECT_EQ(info.at("scheduleMessageOffset_18"), "0,1");
  EXPECT_THAT(info.at("putMessageDistributeTime"), StartsWith("[<=0ms]:"));
  EXPECT_THAT(info.at("putMessageDistributeTime"), HasSubstr("[10s~]:0 "));
  EXPECT_THAT(info.at("earliestMessageTimeStamp"), Not(StartsWith("-")));
  EXPECT_THAT(info.at("runtime"), StartsWith("[ 0 days, 0 hours, "));
  EXPECT_THAT(info.at("commitLogDirCapacity"), testing::MatchesRegex("Total : .*B, Free : .*B\\."));
}

// The first request to be served tells of those behind it.
TEST_F(Figures, RuntimeInfoShowsTheLineOfTheWorker) {
  std::promise<void> go;
  std::promise<std::string> told;
  broker_->context().worker.Post([gate = go.get_future().share()] { gate.wait(); });
  client().Call<wire::GetBrokerRuntimeInfo>({}, {}, {.timeout = kTimeout}, [&](auto answer) {
    told.set_value(answer.ok() ? std::string(answer->body) : answer.error().ToString());
  });
  for (int i = 0; i < 3; ++i) {
    client().Call<wire::GetAllProducers>({}, {}, {.timeout = kTimeout}, [](const auto&) {});
  }
  const auto& router = *broker_->context().routers[0];
  const auto deadline = SystemClock().Now() + kTimeout;
  while (router.Waiting().size < 4 && SystemClock().Now() < deadline) std::this_thread::yield();
  go.set_value();
  const auto text = told.get_future().get();
  const auto info = FromJson<wire::KvTable>(text);
  ASSERT_TRUE(info.ok()) << text;
  EXPECT_EQ(info->table.at("queryThreadPoolQueueSize"), "3");
  EXPECT_EQ(info->table.at("queryThreadPoolQueueCapacity"), "10000");
  EXPECT_EQ(info->table.at("sendThreadPoolQueueSize"), "0");
  EXPECT_EQ(info->table.at("pullThreadPoolQueueSize"), "0");
  EXPECT_EQ(Info().at("queryThreadPoolQueueSize"), "0");
}

TEST_F(Figures, StatisticsAreByTopicAndGroup) {
  Put("orders", "one");
  Put("orders", "two");
  Next("orders", 0);
  Next("orders", 1);
  const auto put = Read<wire::BrokerStatsData, wire::ViewBrokerStats>({"TOPIC_PUT_NUMS", "orders"});
  EXPECT_EQ(put.minute.sum, 2);
  EXPECT_EQ(put.day.sum, 2);
  const auto size =
      Read<wire::BrokerStatsData, wire::ViewBrokerStats>({"TOPIC_PUT_SIZE", "orders"});
  EXPECT_EQ(Concat(size.minute.sum), Info().at("putMessageSizeTotal"));
  const auto got =
      Read<wire::BrokerStatsData, wire::ViewBrokerStats>({"GROUP_GET_NUMS", "orders@consumers"});
  EXPECT_GE(got.minute.sum, 2);
  const auto all =
      Read<wire::BrokerStatsData, wire::ViewBrokerStats>({"BROKER_PUT_NUMS", "DefaultCluster"});
  EXPECT_EQ(all.minute.sum, 2);
  const auto missing = Ask<wire::ViewBrokerStats>({"TOPIC_PUT_NUMS", "NoSuch"});
  EXPECT_EQ(missing->code, 1);
  EXPECT_EQ(missing->remark, "The stats <TOPIC_PUT_NUMS> <NoSuch> not exist");
}

}  // namespace
}  // namespace comet::broker
