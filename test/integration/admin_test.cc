#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/attributes.h"
#include "broker/context.h"
#include "broker_fixture.h"
#include "fault_proxy.h"
#include "namesrv/namesrv.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "remoting/wire/bodies/topic_config.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/requests/delete_group.h"
#include "remoting/wire/requests/delete_topic.h"
#include "remoting/wire/requests/get_all_groups.h"
#include "remoting/wire/requests/get_all_topic_config.h"
#include "remoting/wire/requests/get_group_config.h"
#include "remoting/wire/requests/get_system_topics.h"
#include "remoting/wire/requests/get_topic_config.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "remoting/wire/requests/update_group.h"
#include "remoting/wire/requests/update_group_list.h"
#include "remoting/wire/requests/update_topic.h"
#include "remoting/wire/requests/update_topic_list.h"

namespace comet::broker {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class Admin : public BrokerTest {
 protected:
  Admin() { Start(); }

  static wire::UpdateTopic::Header TopicOf(std::string_view name, std::int32_t queues = 4) {
    wire::UpdateTopic::Header header;
    header.topic = name;
    header.default_topic = "TBW102";
    header.read_queues = header.write_queues = queues;
    return header;
  }
  void Make(std::string_view topic, std::int32_t queues = 4) {
    EXPECT_EQ(Ask<wire::UpdateTopic>(TopicOf(topic, queues))->code, 0);
  }
  std::optional<wire::TopicConfig> Config(std::string_view topic) {
    const auto answer = Ask<wire::GetTopicConfig>({topic, true});
    if (answer->code != 0) return std::nullopt;
    auto config = FromJson<wire::TopicConfig>(answer->body);
    EXPECT_TRUE(config.ok());
    return config.Take();
  }
  std::int64_t Offset(std::string_view group, std::string_view topic) {
    wire::QueryConsumerOffset::Header header;
    header.consumer_group = group;
    header.topic = topic;
    header.set_zero_if_not_found = false;
    const auto answer = Ask<wire::QueryConsumerOffset>(header);
    return answer->code == 0 ? answer->reply.offset : -1;
  }
  void Commit(std::string_view group, std::string_view topic, std::int64_t offset) {
    wire::UpdateConsumerOffset::Header header;
    header.consumer_group = group;
    header.topic = topic;
    header.queue_id = 0;
    header.commit_offset = offset;
    EXPECT_EQ(Ask<wire::UpdateConsumerOffset>(header)->code, 0);
  }
};

TEST_F(Admin, ATopicIsMadeChangedAndKept) {
  Make("orders", 3);
  auto changed = TopicOf("orders", 5);
  changed.perm = 4;
  changed.order = true;
  changed.topic_sys_flag = 1;
  changed.attributes = "+message.type=FIFO,+reserve.time=10";
  // FIFO can be given to a topic that is there.
  EXPECT_EQ(Ask<wire::UpdateTopic>(changed)->code, 0);
  Restart();
  const auto config = Config("orders");
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->read_queues, 5);
  EXPECT_EQ(config->perm, 4);
  EXPECT_TRUE(config->order);
  EXPECT_EQ(config->sys_flag, 1);
  EXPECT_EQ(config->attributes.at("message.type"), "FIFO");
  changed.attributes = "-reserve.time";
  EXPECT_EQ(Ask<wire::UpdateTopic>(changed)->code, 0);
  EXPECT_EQ(Config("orders")->attributes, (Attributes{{"message.type", "FIFO"}}));
}

TEST_F(Admin, ATopicThatCannotBeSaysWhy) {
  struct Case {
    wire::UpdateTopic::Header header;
    std::int32_t code;
    std::string remark;
  };
  const std::string long_name(128, 't');
  auto queues = TopicOf("orders", -1);
  auto many = TopicOf("orders", 50'001);
  auto perm = TopicOf("orders");
  perm.perm = 16;
  auto filter = TopicOf("orders");
  filter.filter_type = "NO_TAG";
  auto unknown = TopicOf("orders");
  unknown.attributes = "+nope=1";
  auto removed = TopicOf("orders");
  removed.attributes = "-message.type";
  auto value = TopicOf("orders");
  value.attributes = "+message.type=LOUD";
  auto form = TopicOf("orders");
  form.attributes = "message.type";
  const std::vector<Case> cases = {
      {TopicOf("bad topic"), 29, "illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$"},
      {TopicOf(""), 29, "The specified topic is blank."},
      {TopicOf(long_name), 29, "The specified topic is longer than topic max length"},
      {TopicOf("TBW102"), 29, "The topic[TBW102] is conflict with system topic."},
      {TopicOf("broker-a"), 29, "The topic[broker-a] is conflict with system topic."},
      {TopicOf("DefaultCluster"), 29, "The topic[DefaultCluster] is conflict with system topic."},
      {queues, 29, "queue number -1 of topic orders"},
      {many, 29, "queue number 50001 of topic orders"},
      {perm, 29, "perm 16"},
      {filter, 1, "topicFilterType: 'NO_TAG'"},
      {unknown, 1, "unsupported key: nope"},
      {removed, 1, "only add attribute is supported while creating topic"},
      {value, 1, "attribute message.type: 'LOUD' is not UNSPECIFIED"},
      {form, 1, "attribute format is wrong"},
  };
  for (const auto& one : cases) {
    const auto answer = Ask<wire::UpdateTopic>(one.header);
    EXPECT_EQ(answer->code, one.code) << one.remark;
    EXPECT_THAT(answer->remark, HasSubstr(one.remark));
  }
  EXPECT_FALSE(Config("orders").has_value());
  const auto missing = Ask<wire::GetTopicConfig>({"orders", true});
  EXPECT_EQ(missing->code, 17);
  EXPECT_EQ(missing->remark, "No topic in this broker. topic: orders");
}

TEST_F(Admin, AListOfTopicsIsMadeAsAWhole) {
  const std::string good = R"({"topicConfigList":[{"topicName":"a","readQueueNums":1,)"
                           R"("attributes":{"+message.type":"NORMAL"}},{"topicName":"b"}]})";
  EXPECT_EQ(Ask<wire::UpdateTopicList>({}, good)->code, 0);
  EXPECT_EQ(Config("a")->read_queues, 1);
  EXPECT_EQ(Config("a")->attributes.at("message.type"), "NORMAL");
  EXPECT_TRUE(Config("b").has_value());
  const std::string bad = R"({"topicConfigList":[{"topicName":"c"},{"topicName":"d d"}]})";
  EXPECT_EQ(Ask<wire::UpdateTopicList>({}, bad)->code, 29);
  EXPECT_FALSE(Config("c").has_value());
  EXPECT_EQ(Ask<wire::UpdateTopicList>({}, "[")->code, 1);
}

// Who has made a topic sends to it next, however far the name server is.
TEST_F(Admin, AChangedTopicHasItsRouteWhenTheAnswerComes) {
  namesrv::NamesrvConfig config;
  config.bind_address = "127.0.0.1";
  config.listen_port = 0;
  config.kv_config_path = directory_ / "kv.json";
  const auto namesrv = namesrv::Namesrv::Start(config, files_, SystemClock()).Take();
  FaultProxy far("127.0.0.2", namesrv->port(), namesrv->port());
  far.Set(FaultProxy::Fault::kDelay);
  options_.broker.namesrv_addr = far.address();
  Restart();
  Make("one");
  EXPECT_TRUE(namesrv->registry().Route("one"));
  wire::TopicConfig listed;
  listed.name = "listed";
  EXPECT_EQ(Ask<wire::UpdateTopicList>({}, ToJson(wire::TopicConfigList{{listed}}))->code, 0);
  EXPECT_TRUE(namesrv->registry().Route("listed"));
  StopBroker();
}

TEST_F(Admin, ADeletedTopicIsGoneWithItsOffsetsAndCanBeMadeAnew) {
  Make("orders");
  Put("orders", "one");
  Put("orders", "two");
  EXPECT_EQ(Next("orders", 1).body, "two");
  Commit("consumers", "orders", 2);
  ASSERT_EQ(Offset("consumers", "orders"), 2);

  EXPECT_EQ(Ask<wire::DeleteTopic>({"orders"})->code, 0);
  EXPECT_EQ(Pull(PullFrom("orders", 0))->code, 17);
  EXPECT_EQ(Offset("consumers", "orders"), -1);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "store/consumequeue/orders"));
  Restart();
  EXPECT_FALSE(Config("orders").has_value());
  EXPECT_EQ(Offset("consumers", "orders"), -1);

  Make("orders");
  const auto offset = Put("orders", "three");
  EXPECT_EQ(Next("orders", offset).body, "three");
}

TEST_F(Admin, ATopicMadeAnewBeginsAtZeroAndHasNothingOfTheOldOne) {
  Make("orders");
  Put("orders", "one");
  Put("orders", "two");
  EXPECT_EQ(Next("orders", 1).body, "two");
  EXPECT_EQ(Ask<wire::DeleteTopic>({"orders"})->code, 0);
  Make("orders");
  EXPECT_EQ(Put("orders", "three"), 0);
  EXPECT_EQ(Next("orders", 0).body, "three");
  Restart();
  EXPECT_EQ(Next("orders", 0).body, "three");
  EXPECT_EQ(Put("orders", "four"), 1);
}

TEST_F(Admin, TopicsOfTheSystemAreNotDeleted) {
  for (const auto* topic : {"TBW102", "broker-a", "rmq_sys_wheel_timer"}) {
    const auto answer = Ask<wire::DeleteTopic>({topic});
    EXPECT_EQ(answer->code, 29);
    EXPECT_EQ(answer->remark, Concat("The topic[", topic, "] is conflict with system topic."));
  }
  EXPECT_EQ(Ask<wire::DeleteTopic>({""})->code, 29);
  EXPECT_EQ(Ask<wire::DeleteTopic>({"never"})->code, 0);
}

TEST_F(Admin, SystemTopicsAreListed) {
  const auto list = FromJson<wire::TopicList>(Ask<wire::GetSystemTopics>({})->body);
  ASSERT_TRUE(list.ok());
  for (const auto* topic : {"TBW102", "broker-a", "DefaultCluster", "DefaultCluster_REPLY_TOPIC"}) {
    EXPECT_THAT(list->topics, Contains(topic));
  }
}

TEST_F(Admin, AllTopicsComeAtOnceToThoseWhoDoNotAskForPages) {
  Make("a");
  const auto answer = Ask<wire::GetAllTopicConfig>({});
  const auto table = FromJson<wire::TopicConfigTable>(answer->body);
  ASSERT_TRUE(table.ok());
  EXPECT_TRUE(table->topics.contains("a"));
  EXPECT_TRUE(table->topics.contains("TBW102"));
  EXPECT_EQ(answer->reply.total_topics, static_cast<std::int32_t>(table->topics.size()));
}

// As a broker or tool since 5.4 does: it stops one before the total.
TEST_F(Admin, NoTopicIsLostBetweenPages) {
  for (int i = 0; i < 10; ++i) Make(Concat("paged-", i), 1);
  const auto whole = FromJson<wire::TopicConfigTable>(Ask<wire::GetAllTopicConfig>({})->body);
  ASSERT_TRUE(whole.ok());
  for (std::int32_t size = 1; size <= static_cast<std::int32_t>(whole->topics.size()); ++size) {
    std::map<std::string, wire::TopicConfig> got;
    std::string version;
    std::int32_t total = 2;
    for (std::int32_t seq = 0; seq < total - 1; seq = static_cast<std::int32_t>(got.size())) {
      const auto answer = Ask<wire::GetAllTopicConfig>({seq, version, size});
      ASSERT_EQ(answer->code, 0);
      auto page = FromJson<wire::TopicConfigTable>(answer->body);
      ASSERT_TRUE(page.ok());
      ASSERT_FALSE(page->topics.empty());
      total = answer->reply.total_topics.value_or(0);
      version = ToJson(page->data_version);
      got.merge(page->topics);
      EXPECT_TRUE(page->topics.empty()) << "a topic came twice";
    }
    EXPECT_EQ(got, whole->topics) << "pages of " << size;
  }
}

TEST_F(Admin, PagesBeginAnewWhenATopicHasChanged) {
  const auto first = Ask<wire::GetAllTopicConfig>({0, "", 2});
  const auto table = FromJson<wire::TopicConfigTable>(first->body);
  ASSERT_TRUE(table.ok());
  Make("a");
  const auto second = Ask<wire::GetAllTopicConfig>({2, ToJson(table->data_version), 2});
  const auto again = FromJson<wire::TopicConfigTable>(second->body);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->topics.begin()->first, table->topics.begin()->first);
  EXPECT_FALSE(again->data_version == table->data_version);
}

TEST_F(Admin, AGroupIsMadeChangedDeletedAndKept) {
  EXPECT_EQ(Ask<wire::UpdateGroup>({}, R"({"groupName":"g","retryMaxTimes":3})")->code, 0);
  Restart();
  const auto config =
      FromJson<wire::SubscriptionGroupConfig>(Ask<wire::GetGroupConfig>({"g"})->body);
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->retry_max, 3);
  EXPECT_EQ(config->retry_queues, 1);

  Make("orders");
  Put("orders", "x");
  Commit("g", "orders", 1);
  EXPECT_EQ(Ask<wire::DeleteGroup>({"g", false})->code, 0);
  EXPECT_EQ(broker_->context().groups.Find("g"), nullptr);
  EXPECT_EQ(Offset("g", "orders"), 1);
  EXPECT_EQ(Ask<wire::DeleteGroup>({"g", true})->code, 0);
  EXPECT_EQ(Offset("g", "orders"), -1);
  Restart();
  EXPECT_EQ(Offset("g", "orders"), -1);
}

TEST_F(Admin, AGroupThatCannotBeSaysWhy) {
  struct Case {
    std::string body, remark;
    std::int32_t code;
  };
  const std::vector<Case> cases = {
      {R"({"groupName":""})", "The specified group is blank.", 29},
      {R"({"groupName":"a b"})", "illegal characters", 29},
      {R"({"groupName":"g","retryQueueNums":-1})", "retryQueueNums -1 of group g", 29},
      {R"({"groupName":"g","attributes":{"+nope":"1"}})", "unsupported key: nope", 1},
      {R"({"groupName":"g","attributes":{"+priority.factor":"101"}})", "is not 0 to 100", 1},
      {R"({"groupName")", "JSON", 1},
  };
  for (const auto& one : cases) {
    const auto answer = Ask<wire::UpdateGroup>({}, one.body);
    EXPECT_EQ(answer->code, one.code) << one.body;
    EXPECT_THAT(answer->remark, HasSubstr(one.remark));
  }
  EXPECT_EQ(broker_->context().groups.Find("g"), nullptr);
}

TEST_F(Admin, AListOfGroupsIsMadeAsAWhole) {
  EXPECT_EQ(
      Ask<wire::UpdateGroupList>({}, R"({"groupConfigList":[{"groupName":"a"},{"groupName":"b"}]})")
          ->code,
      0);
  EXPECT_NE(broker_->context().groups.Find("b"), nullptr);
  EXPECT_EQ(
      Ask<wire::UpdateGroupList>({}, R"({"groupConfigList":[{"groupName":"c"},{"groupName":""}]})")
          ->code,
      29);
  EXPECT_EQ(broker_->context().groups.Find("c"), nullptr);
}

TEST_F(Admin, AnUnknownGroupIsMadeByAskingUnlessTheBrokerForbidsIt) {
  EXPECT_EQ(Ask<wire::GetGroupConfig>({"new"})->code, 0);
  EXPECT_NE(broker_->context().groups.Find("new"), nullptr);
  options_.broker.auto_create_group = false;
  Restart();
  EXPECT_EQ(Ask<wire::GetGroupConfig>({"newer"})->code, 26);
}

TEST_F(Admin, NoGroupIsLostBetweenPages) {
  for (int i = 0; i < 6; ++i) {
    ASSERT_EQ(Ask<wire::UpdateGroup>({}, Concat(R"({"groupName":"paged-)", i, "\"}"))->code, 0);
  }
  const auto answer = Ask<wire::GetAllGroups>({});
  const auto whole = FromJson<wire::SubscriptionGroupTable>(answer->body);
  ASSERT_TRUE(whole.ok());
  const auto total = static_cast<std::int32_t>(whole->groups.size());
  EXPECT_EQ(answer->reply.total_groups, total);
  const auto first = Ask<wire::GetAllGroups>({0, "", total - 1});
  const auto page = FromJson<wire::SubscriptionGroupTable>(first->body);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->groups, whole->groups);
}

}  // namespace
}  // namespace comet::broker
