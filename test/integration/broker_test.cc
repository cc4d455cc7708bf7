#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/context.h"
#include "broker_fixture.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/requests/check_client_config.h"
#include "remoting/wire/requests/get_consumer_list.h"
#include "remoting/wire/requests/get_earliest_store_time.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/get_min_offset.h"
#include "remoting/wire/requests/heartbeat.h"
#include "remoting/wire/requests/lock_queues.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/search_offset.h"
#include "remoting/wire/requests/unregister_client.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "remoting/wire/requests/view_message.h"
#include "remoting/wire/response_code.h"

namespace comet::broker {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Sends : public BrokerTest {
 protected:
  Sends() { Start(); }
};

TEST_F(Sends, CreateTheirTopicAndComeBackToAPull) {
  auto header = SendTo("orders", 2);
  header.properties = "KEYS\x01k1\x02TAGS\x01TagA\x02UNIQ_KEY\x01unique-1\x02";
  const auto sent = Send(header, "hello");
  ASSERT_EQ(sent->code, 0) << sent->remark;
  EXPECT_EQ(sent->reply.queue_id, 2);
  EXPECT_EQ(sent->reply.queue_offset, 0);
  EXPECT_EQ(sent->reply.transaction_id, "unique-1");
  EXPECT_EQ(sent->reply.region, "DefaultRegion");
  EXPECT_EQ(sent->reply.trace_on, "true");
  const auto id = wire::ParseMessageId(sent->reply.message_id);
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->host.port, broker_->port());

  const auto got = Next("orders", 0, 2);
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.topic, "orders");
  EXPECT_EQ(got.log_offset, id->log_offset);
  EXPECT_EQ(got.Property("CLUSTER"), "DefaultCluster");
  EXPECT_EQ(got.Property("TAGS"), "TagA");
}

TEST_F(Sends, GetAUniqueKeyIfTheyHaveNone) {
  Put("orders", "hello");
  EXPECT_EQ(Next("orders", 0).Property("UNIQ_KEY").size(), 32U);
}

TEST_F(Sends, SpeakTheLongFormToo) {
  EXPECT_EQ(Send(SendTo("orders"), "hello", 10)->code, 0);
  EXPECT_EQ(Next("orders", 0).body, "hello");
}

TEST_F(Sends, ToNoQueueInParticularAreSpread) {
  ASSERT_EQ(Send(SendTo("orders", -1), "x")->code, 0);
  bool several = false;
  const auto first = Send(SendTo("orders", -1), "x")->reply.queue_id;
  for (int i = 0; i < 30; ++i) several |= Send(SendTo("orders", -1), "x")->reply.queue_id != first;
  EXPECT_TRUE(several);
}

TEST_F(Sends, OfABatchAreOneRecordEach) {
  std::string body;
  wire::AppendBatchElement({1, "one",
                            "TAGS\x01"
                            "A\x02"},
                           &body);
  wire::AppendBatchElement({2, "two", ""}, &body);
  wire::AppendBatchElement({3, "three", ""}, &body);
  auto header = SendTo("orders");
  header.batch = true;
  const auto sent = Send(header, body, 320);
  ASSERT_EQ(sent->code, 0) << sent->remark;
  EXPECT_EQ(sent->reply.queue_offset, 0);
  std::string ids(sent->reply.message_id);
  EXPECT_EQ(ids.size(), 3 * 32U + 2);

  for (const int offset : {0, 1}) Next("orders", offset);  // so that the queue reaches the third
  EXPECT_EQ(Next("orders", 2).body, "three");
  const auto records = Records(Pull(PullFrom("orders", 0))->body);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].body, "one");
  EXPECT_EQ(records[1].queue_offset, 1);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto id = wire::ParseMessageId(ids.substr(i * 33, 32));
    ASSERT_TRUE(id.has_value());
    EXPECT_EQ(id->log_offset, records[i].log_offset);
  }
}

TEST_F(Sends, ThatCannotBeServedSayWhy) {
  struct Case {
    SendHeader header;
    std::string body;
    std::int32_t code;
    std::string remark;
  };
  ASSERT_EQ(Send(SendTo("orders"), "x")->code, 0);
  auto unknown = SendTo("nope");
  unknown.default_topic = "NoSuchDefault";
  auto timer = SendTo("orders");
  timer.properties =
      "TIMER_DELAY_SEC\x01"
      "5\x02";
  auto transaction = SendTo("orders");
  transaction.properties = "TRAN_MSG\x01true\x02";
  auto garbage = SendTo("orders");
  garbage.batch = true;
  const std::string overlong(128, 't');
  const Case cases[] = {
      {unknown, "x", 17, "topic[nope] not exist, apply first please!"},
      {SendTo("bad topic!"), "x", 29, "The specified topic contains illegal characters"},
      {SendTo(overlong), "x", 29, "The specified topic is longer than"},
      {SendTo("SCHEDULE_TOPIC_XXXX"), "x", 16, "Sending message to topic[SCHEDULE_TOPIC_XXXX]"},
      {SendTo("orders", 99), "x", 29, "request queueId[99] is illegal, TopicConfig [topicName="},
      {SendTo("orders"), "", 13, "the message is illegal"},
      {SendTo("orders"), std::string((4 << 20) + 1, 'x'), 13, "the message is illegal, maybe msg"},
      {timer, "x", 1, "accurate timer message is not enabled"},
      {transaction, "x", 16, "sending transaction message is forbidden"},
      {garbage, "garbage", 13, "the message is illegal: batch body"},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.remark);
    const auto answer = Send(one.header, one.body);
    EXPECT_EQ(answer->code, one.code);
    EXPECT_THAT(std::string(answer->remark), StartsWith(one.remark));
  }
}

TEST_F(Sends, WithTooManyPropertiesAreRefusedAndLeaveNothing) {
  ASSERT_EQ(Send(SendTo("orders"), "x")->code, 0);
  auto header = SendTo("orders");
  const std::string properties = "a\x01" + std::string(32'760, 'v') + "\x02";
  header.properties = properties;  // fits, but not with what the broker adds
  EXPECT_EQ(Send(header, "x")->code, 13);
  EXPECT_EQ(Put("orders", "next"), 1);
}

class Pulls : public BrokerTest {
 protected:
  Pulls() { Start(); }
};

TEST_F(Pulls, ThatFindNothingWaitForTheNextMessage) {
  Put("orders", "first");
  ASSERT_EQ(Next("orders", 0).body, "first");
  auto header = PullFrom("orders", 1);
  header.sys_flag |= wire::pull_flag::kSuspend;
  header.suspend_timeout_ms = 20'000;
  std::promise<std::string> promise;
  client().Call<wire::PullMessage>(
      header, {}, {.timeout = kTimeout}, [&](StatusOr<net::Answer<wire::PullMessage>> answer) {
        ASSERT_TRUE(answer.ok());
        const auto records = Records(answer->body);
        promise.set_value(records.empty() ? "nothing" : records[0].body);
      });
  Put("orders", "second");  // behind the pull, on the same connection
  EXPECT_EQ(promise.get_future().get(), "second");
}

TEST_F(Pulls, ThatWaitInVainAreToldWhenTheirTimeIsOver) {
  Put("orders", "first");
  ASSERT_EQ(Next("orders", 0).body, "first");
  auto header = PullFrom("orders", 1);
  header.sys_flag |= wire::pull_flag::kSuspend;
  header.suspend_timeout_ms = 20;
  const auto answer = Pull(header);
  EXPECT_EQ(answer->code, 19);
  EXPECT_EQ(answer->reply.next_offset, 1);
  EXPECT_EQ(answer->reply.max_offset, 1);
}

TEST_F(Pulls, TakeOnlyTheTagsTheyWant) {
  Put("orders", "a", "TAGS\x01TagA\x02");
  Put("orders", "b", "TAGS\x01TagB\x02");
  ASSERT_EQ(Next("orders", 1).body, "b");
  auto header = PullFrom("orders", 0);
  header.subscription = "TagB || TagC";
  const auto records = Records(Pull(header)->body);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].body, "b");
  header.subscription = "TagC";
  const auto none = Pull(header);
  EXPECT_EQ(none->code, 20);
  EXPECT_EQ(none->reply.next_offset, 2);
}

TEST_F(Pulls, ThatWaitAreNotWokenByTagsOfOthers) {
  Put("orders", "first");
  ASSERT_EQ(Next("orders", 0).body, "first");
  auto header = PullFrom("orders", 1);
  header.subscription = "TagB";
  header.sys_flag |= wire::pull_flag::kSuspend;
  header.suspend_timeout_ms = 20'000;
  std::promise<std::string> promise;
  client().Call<wire::PullMessage>(
      header, {}, {.timeout = kTimeout}, [&](StatusOr<net::Answer<wire::PullMessage>> answer) {
        const auto records = Records(answer->body);
        promise.set_value(records.size() == 1 ? records[0].body : "not one");
      });
  Put("orders", "a", "TAGS\x01TagA\x02");
  ASSERT_EQ(Next("orders", 1).body, "a");
  Put("orders", "b", "TAGS\x01TagB\x02");
  EXPECT_EQ(promise.get_future().get(), "b");
}

TEST_F(Pulls, OutsideTheQueueAreToldWhereItIs) {
  Put("orders", "first");
  ASSERT_EQ(Next("orders", 0).body, "first");
  const auto beyond = Pull(PullFrom("orders", 100));
  EXPECT_EQ(beyond->code, 21);
  EXPECT_EQ(beyond->remark, "OFFSET_OVERFLOW_BADLY");
  EXPECT_EQ(beyond->reply.next_offset, 1);
  const auto before = Pull(PullFrom("orders", -5));
  EXPECT_EQ(before->code, 21);
  EXPECT_EQ(before->remark, "OFFSET_TOO_SMALL");
  EXPECT_EQ(before->reply.next_offset, 0);
  EXPECT_EQ(Pull(PullFrom("orders", 1))->code, 19);
  EXPECT_EQ(Pull(PullFrom("orders", 0, 3))->code, 19);
}

TEST_F(Pulls, ThatCannotBeServedSayWhy) {
  Put("orders", "first");
  EXPECT_EQ(Pull(PullFrom("nope", 0))->code, 17);
  EXPECT_EQ(Pull(PullFrom("orders", 0, 50))->code, 29);
  auto sql = PullFrom("orders", 0);
  sql.expression_type = "SQL92";
  EXPECT_EQ(Pull(sql)->code, 1);
  auto registered = PullFrom("orders", 0);
  registered.sys_flag = 0;
  const auto offline = Pull(registered);
  EXPECT_EQ(offline->code, 24);
  EXPECT_THAT(std::string(offline->remark), HasSubstr("the consumer's group info not exist"));
}

TEST_F(Pulls, CommitTheOffsetTheyCarry) {
  Put("orders", "first");
  ASSERT_EQ(Next("orders", 0).body, "first");
  auto header = PullFrom("orders", 1);
  header.sys_flag |= wire::pull_flag::kCommitOffset;
  header.commit_offset = 1;
  static_cast<void>(Pull(header));
  EXPECT_EQ(Ask<wire::QueryConsumerOffset>({"consumers", "orders", 0, {}, {}})->reply.offset, 1);
}

TEST_F(Pulls, AreNotServedOnTheVipPort) {
  Put("orders", "first");
  auto vip =
      net::Client::Create(*client_loops_, "127.0.0.1:" + std::to_string(broker_->vip_port()));
  const auto pulled =
      vip->CallAndWait<wire::PullMessage>(PullFrom("orders", 0), {}, {.timeout = kTimeout});
  ASSERT_TRUE(pulled.ok());
  EXPECT_EQ((**pulled).code, 3);
  const auto sent =
      vip->CallAndWait<wire::SendMessage>(SendTo("orders"), "x", {.timeout = kTimeout});
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ((**sent).code, 0);
  vip->Close();
}

class Offsets : public BrokerTest {
 protected:
  Offsets() { Start(); }
};

TEST_F(Offsets, AreKeptForEveryGroupAndQueueAlsoThroughARestart) {
  Put("orders", "first");
  ASSERT_EQ(Next("orders", 0).body, "first");  // creates the group
  using Update = wire::UpdateConsumerOffset;
  EXPECT_EQ(Ask<Update>({"consumers", "orders", 0, 1, {}})->code, 0);
  EXPECT_EQ(Ask<Update>({"nobody", "orders", 0, 1, {}})->code, 26);
  EXPECT_EQ(Ask<Update>({"consumers", "nope", 0, 1, {}})->code, 17);
  EXPECT_EQ(Ask<Update>({"consumers", "orders", std::nullopt, 1, {}})->code, 29);
  EXPECT_EQ(Ask<Update>({"consumers", "orders", 77, 1, {}})->code, 29);
  Restart();
  EXPECT_EQ(Ask<wire::QueryConsumerOffset>({"consumers", "orders", 0, {}, {}})->reply.offset, 1);
}

TEST_F(Offsets, ThatWereNeverCommittedAreTheClientsChoiceUnlessTheQueueIsYoung) {
  Put("orders", "first");
  ASSERT_EQ(Next("orders", 0).body, "first");
  using Query = wire::QueryConsumerOffset;
  const auto young = Ask<Query>({"new", "orders", 0, {}, {}});
  EXPECT_EQ(young->code, 0);
  EXPECT_EQ(young->reply.offset, 0);
  EXPECT_EQ(Ask<Query>({"new", "orders", 0, false, {}})->code, 22);
  EXPECT_EQ(Ask<Query>({"new", "nope", 0, {}, {}})->code, 22);
}

TEST_F(Offsets, OfAQueueAreFoundByBoundAndByTime) {
  Put("orders", "first");
  Put("orders", "second");
  ASSERT_EQ(Next("orders", 1).body, "second");
  EXPECT_EQ(Ask<wire::GetMaxOffset>({"orders", 0, true, {}})->reply.offset, 2);
  EXPECT_EQ(Ask<wire::GetMinOffset>({"orders", 0, {}})->reply.offset, 0);
  EXPECT_EQ(Ask<wire::GetMaxOffset>({"nope", 0, true, {}})->reply.offset, 0);
  EXPECT_GT(Ask<wire::GetEarliestStoreTime>({"orders", 0, {}})->reply.timestamp_ms, 0);
  EXPECT_EQ(Ask<wire::GetEarliestStoreTime>({"nope", 0, {}})->reply.timestamp_ms, -1);
  EXPECT_EQ(Ask<wire::SearchOffset>({"orders", 0, 0, {}, {}, {}})->reply.offset, 0);
  EXPECT_EQ(Ask<wire::SearchOffset>({"orders", 0, std::int64_t{1} << 45, {}, {}, {}})->reply.offset,
            2);
}

class Queries : public BrokerTest {
 protected:
  Queries() { Start(); }
};

TEST_F(Queries, FindMessagesByKeyAndByPlace) {
  auto header = SendTo("orders");
  header.properties = "KEYS\x01k1 k2\x02UNIQ_KEY\x01unique-1\x02";
  const auto sent = Send(header, "hello");
  ASSERT_EQ(sent->code, 0);
  ASSERT_EQ(Next("orders", 0).body, "hello");  // so it is indexed

  wire::QueryMessage::Header query;
  query.topic = "orders";
  query.key = "k2";
  query.end_ms = std::int64_t{1} << 45;
  const auto found = Records(Ask<wire::QueryMessage>(query)->body);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].body, "hello");
  query.key = "unique-1";
  query.unique_key = true;
  EXPECT_EQ(Records(Ask<wire::QueryMessage>(query)->body).size(), 1U);
  query.key = "nokey";
  EXPECT_EQ(Ask<wire::QueryMessage>(query)->code, 22);

  const auto place = found[0].log_offset;
  EXPECT_EQ(Records(Ask<wire::ViewMessage>({place, {}})->body)[0].body, "hello");
  EXPECT_EQ(Ask<wire::ViewMessage>({place + 1, {}})->code, 1);
  EXPECT_EQ(Ask<wire::ViewMessage>({99'999'999, {}})->code, 1);
}

class Clients : public BrokerTest {
 protected:
  Clients() { Start(); }
  static std::string Beat(const std::string& client, const std::string& group) {
    return R"({"clientID":")" + client + R"(","consumerDataSet":[{"groupName":")" + group +
           R"(","consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING",)"
           R"("subscriptionDataSet":[{"topic":"orders","subString":"TagB","codeSet":[2598920],)"
           R"("tagsSet":["TagB"],"subVersion":1}]}],"producerDataSet":[{"groupName":"p"}]})";
  }
};

TEST_F(Clients, AreListedByTheirHeartbeatsUntilTheyLeave) {
  EXPECT_EQ(Ask<wire::GetConsumerList>({"g"})->code, 1);
  const auto beat = Ask<wire::Heartbeat>({}, Beat("c1", "g"));
  EXPECT_EQ(beat->code, 0);
  EXPECT_EQ(beat->reply.supports_v2, true);
  EXPECT_EQ(beat->reply.sub_changed, true);
  EXPECT_EQ(Ask<wire::GetConsumerList>({"g"})->body, R"({"consumerIdList":["c1"]})");
  // Its retry topic is there from the start.
  EXPECT_EQ(Pull(PullFrom("%RETRY%g", 0))->code, 19);
  EXPECT_EQ(Ask<wire::UnregisterClient>({"c1", "p", "g"})->code, 0);
  EXPECT_EQ(Ask<wire::GetConsumerList>({"g"})->code, 1);
}

TEST_F(Clients, PullWithTheSubscriptionTheyRegistered) {
  Put("orders", "a", "TAGS\x01TagA\x02");
  Put("orders", "b", "TAGS\x01TagB\x02");
  ASSERT_EQ(Next("orders", 1).body, "b");
  ASSERT_EQ(Ask<wire::Heartbeat>({}, Beat("c1", "g"))->code, 0);
  auto header = PullFrom("orders", 0);
  header.consumer_group = "g";
  header.sys_flag = 0;
  header.sub_version = 1;
  const auto records = Records(Pull(header)->body);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].body, "b");
  header.sub_version = 2;
  EXPECT_EQ(Pull(header)->code, 25);
}

TEST_F(Clients, WithBadNamesOrBodiesAreRefused) {
  EXPECT_EQ(Ask<wire::Heartbeat>({}, "")->code, 1);
  EXPECT_EQ(Ask<wire::Heartbeat>({}, "garbage!")->code, 1);
  EXPECT_EQ(Ask<wire::Heartbeat>({}, Beat("c1", "../../etc"))->code, 1);
  EXPECT_EQ(Ask<wire::Heartbeat>({}, Beat("", "g"))->code, 1);
  EXPECT_EQ(Ask<wire::GetConsumerList>({"g"})->code, 1);
}

TEST_F(Clients, LockQueuesForThemselves) {
  const auto body = [](const std::string& client) {
    return R"({"clientId":")" + client +
           R"(","consumerGroup":"g","mqSet":[{"brokerName":"broker-a","queueId":0,"topic":"orders"}]})";
  };
  EXPECT_THAT(std::string(Ask<wire::LockQueues>({}, body("c1"))->body), HasSubstr("orders"));
  EXPECT_EQ(Ask<wire::LockQueues>({}, body("c2"))->body, R"({"lockOKMQSet":[]})");
  EXPECT_EQ(Ask<wire::LockQueues>({}, "")->code, 1);
}

TEST_F(Clients, MayFilterByTagsOnly) {
  using Check = wire::CheckClientConfig;
  EXPECT_EQ(Ask<Check>({}, R"({"subscriptionData":{"topic":"t","expressionType":"TAG"}})")->code,
            0);
  EXPECT_EQ(Ask<Check>({}, R"({"subscriptionData":{"topic":"t","expressionType":"SQL92"}})")->code,
            1);
}

class Restarts : public BrokerTest {};

TEST_F(Restarts, KeepMessagesTopicsAndOrder) {
  Start();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Put("orders", std::to_string(i)), i);
  Restart();
  EXPECT_EQ(Put("orders", "100"), 100);
  ASSERT_EQ(Next("orders", 100).body, "100");
  std::int64_t next = 0;
  while (next < 101) {
    const auto answer = Pull(PullFrom("orders", next));
    ASSERT_EQ(answer->code, 0);
    for (const auto& record : Records(answer->body)) {
      EXPECT_EQ(record.body, std::to_string(next));
      ++next;
    }
  }
}

TEST_F(Restarts, OnSeveralLoopsWithSynchronousFlushLoseNothingEither) {
  options_.broker.loops = 3;
  options_.store.flush = store::FlushDiskType::kSync;
  Start();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Put("orders", std::to_string(i)), i);
  EXPECT_EQ(Next("orders", 19).body, "19");
  Restart();
  EXPECT_EQ(Records(Pull(PullFrom("orders", 0))->body).size(), 20U);
}

TEST_F(Restarts, OfASecondBrokerOnTheSameStoreAreRefused) {
  Start();
  const auto second = Broker::Start(options_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Status::Code::kUnavailable);
}

using NewTopics = BrokerTest;

TEST_F(NewTopics, OfMoreSendsThanMayWaitForTheWorkerAreAnsweredAsBusy) {
  Start();
  std::promise<void> go_on;
  broker_->context().worker.Post([gone_on = go_on.get_future().share()] { gone_on.wait(); });
  constexpr auto kSends = net::Router::kWorkerQueueMax + 1;
  std::vector<std::promise<std::int32_t>> codes(kSends);
  for (auto& code : codes) {
    client().Call<wire::SendMessage>(
        SendTo("new"), "body",
        {.timeout = kTimeout, .code = 310, .spelling = wire::Spelling::kShort},
        [&code](auto answer) { code.set_value(answer.ok() ? answer->code : -1); });
  }
  EXPECT_EQ(codes.back().get_future().get(), wire::ResponseCode::kSystemBusy);
  go_on.set_value();
  for (std::size_t i = 0; i + 1 < kSends; ++i) EXPECT_EQ(codes[i].get_future().get(), 0);
}

}  // namespace
}  // namespace comet::broker
