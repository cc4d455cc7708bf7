// What strangers may call things, over the wire: a name that is none is refused or left out, and
// the routes stay as they were.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "namesrv_fixture.h"
#include "remoting/base/describe_json.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/bodies/topic_route.h"
#include "remoting/wire/requests/add_write_permission.h"
#include "remoting/wire/requests/broker_heartbeat.h"
#include "remoting/wire/requests/delete_topic_route.h"
#include "remoting/wire/requests/get_all_topics.h"
#include "remoting/wire/requests/get_cluster_info.h"
#include "remoting/wire/requests/get_route.h"
#include "remoting/wire/requests/register_topic.h"
#include "remoting/wire/requests/unregister_broker.h"
#include "remoting/wire/requests/wipe_write_permission.h"

namespace comet::namesrv {
namespace {

using testing::UnorderedElementsAreArray;

constexpr std::int32_t kInvalidParameter = 29, kTopicNotExist = 17;

const std::vector<std::string> kBadTopics = {"",
                                             " ",
                                             "\t\n",
                                             "a b",
                                             "a/b",
                                             ".",
                                             "..",
                                             "../x",
                                             "../../etc/x",
                                             "/etc/x",
                                             "a\\b",
                                             "a:b",
                                             "a\x01"
                                             "b",
                                             "a\nb",
                                             "a\"b",
                                             "$(x)",
                                             "%RETRY%../x",
                                             std::string("a\0b", 3),
                                             "{\"a\":1}",
                                             "a;b,c",
                                             "na\xc3\xafve",
                                             std::string(600, 'x')};

const std::vector<std::string> kBadNames = {"",
                                            " ",
                                            "a b",
                                            "a/b",
                                            "..",
                                            ".",
                                            "../x",
                                            "a\\b",
                                            "a:b",
                                            "a\nb",
                                            "a\"b",
                                            "a;b,c",
                                            "{\"a\":1}",

                                            std::string("a\0b", 3),
                                            std::string(300, 'x')};

const std::vector<std::string> kBadAddresses = {
    "",      "10.0.0.1", "10.0.0.1:0", "10.0.0.1:99999", "../x:1",
    "a/b:1", "h 1:2",    "a\nb:1",     "h:1,i:2"};

// What brokers of Apache have without anybody's doing, and odd ones that they may have.
const std::vector<std::string> kGoodTopics = {"TBW102",
                                              "SCHEDULE_TOPIC_XXXX",
                                              "SELF_TEST_TOPIC",
                                              "OFFSET_MOVED_EVENT",
                                              "RMQ_SYS_TRANS_HALF_TOPIC",
                                              "RMQ_SYS_TRACE_TOPIC",
                                              "rmq_sys_REVIVE_LOG_DefaultCluster",
                                              "rmq_sys_wheel_timer",
                                              "DefaultCluster",
                                              "DefaultCluster_REPLY_TOPIC",
                                              "broker-a.example.com",
                                              "%RETRY%group",
                                              "%DLQ%group",
                                              "%RETRY%group+orders",
                                              "MQ_INST_1%orders"};

class BadNames : public NamesrvTest, public testing::WithParamInterface<wire::HeaderForm> {
 protected:
  BadNames() {
    Start();
    client_ = Connect({.form = GetParam()});
  }

  template <wire::Request R>
  net::OwnedAnswer<R> Ask(const typename R::Header& header, std::string_view body = {}) {
    return NamesrvTest::Ask<R>(*client_, header, body);
  }
  template <wire::Request R>
  void ExpectRefused(const typename R::Header& header, std::string_view body = {}) {
    const auto answer = Ask<R>(header, body);
    EXPECT_EQ(answer->code, kInvalidParameter);
    EXPECT_FALSE(answer->remark.empty());
    EXPECT_LT(answer->remark.size(), 300U);
  }

  static wire::RegisterBrokerBody With(const std::vector<std::string>& topics) {
    wire::RegisterBrokerBody body;
    for (const auto& name : topics) body.topics.topics[name].name = name;
    return body;
  }
  void RegisterGood() {
    ASSERT_EQ(Ask<wire::RegisterBroker>(Broker(), ToJson(With(kGoodTopics)))->code, 0);
  }
  std::vector<std::string> Topics() {
    const auto answer = Ask<wire::GetAllTopics>({});
    return FromJson<wire::TopicList>(answer->body)->topics;
  }
  // All that clients can ask for.
  std::string Known() {
    std::string text(Ask<wire::GetClusterInfo>({})->body);
    for (const auto& topic : Topics()) {
      wire::GetRoute::Header header;
      header.topic = topic;
      text.append(topic).append(Ask<wire::GetRoute>(header)->body);
    }
    return text;
  }

  std::shared_ptr<net::Client> client_;
};

TEST_P(BadNames, OfTopicsAreLeftOutOfARegistrationAndTheRestIsThere) {
  auto body = With(kGoodTopics);
  for (const auto& name : kBadTopics) body.topics.topics[name].name = name;
  EXPECT_EQ(Ask<wire::RegisterBroker>(Broker(), ToJson(body))->code, 0);
  EXPECT_THAT(Topics(), UnorderedElementsAreArray(kGoodTopics));
}

TEST_P(BadNames, OfTopicsAreLeftOutOfACompressedRegistrationToo) {
  auto body = With(kGoodTopics);
  for (const char* name : {"../x", "a/b", ".."}) body.topics.topics[name].name = name;
  auto header = Broker();
  header.compressed = true;
  EXPECT_EQ(Ask<wire::RegisterBroker>(header, CompressRegisterBroker(body, true))->code, 0);
  EXPECT_THAT(Topics(), UnorderedElementsAreArray(kGoodTopics));
}

TEST_P(BadNames, OfTopicsDoNotMakeARegistrationLookLikeAChange) {
  EXPECT_EQ(Ask<wire::RegisterBroker>(Broker(), ToJson(With({"a/b"})))->code, 1)
      << "one topic, of a stranger";
  EXPECT_EQ(Ask<wire::RegisterBroker>(Broker(), ToJson(With({"orders", "a/b"})))->code, 0);
  EXPECT_THAT(Topics(), UnorderedElementsAreArray({"orders"}));
}

TEST_P(BadNames, OfStaticTopicsAndFilterServersAreLeftOutAsWell) {
  auto body = With(kGoodTopics);
  body.topics.mapping_infos =
      ParseJson(R"({"../x":{"bname":"b"},"TBW102":{"bname":"../b"}})").Take();
  body.filter_servers = {"10.0.0.1:2", "../x"};
  EXPECT_EQ(Ask<wire::RegisterBroker>(Broker(), ToJson(body))->code, 0);
  EXPECT_EQ(Known().find("../"), std::string::npos);
  EXPECT_NE(Known().find("10.0.0.1:2"), std::string::npos);
}

TEST_P(BadNames, OfBrokersClustersAndAddressesRefuseTheRegistration) {
  RegisterGood();
  const std::string before = Known();
  using Header = wire::RegisterBroker::Header;
  const std::string body = ToJson(With({"orders", "stock"}));
  const auto expect_refused = [&](std::string_view Header::*field, const std::string& value) {
    SCOPED_TRACE(testing::PrintToString(value));
    auto header = Broker();
    header.*field = value;
    ExpectRefused<wire::RegisterBroker>(header, body);
  };
  for (const auto& name : kBadNames) {
    expect_refused(&Header::broker_name, name);
    expect_refused(&Header::cluster_name, name);
    if (!name.empty()) expect_refused(&Header::zone_name, name);
  }
  for (const auto& address : kBadAddresses) {
    expect_refused(&Header::broker_addr, address);
    expect_refused(&Header::ha_addr, address);
  }
  EXPECT_EQ(Known(), before);
}

TEST_P(BadNames, OfTopicsGetNoRouteAndDeleteNone) {
  RegisterGood();
  const std::string before = Known();
  wire::TopicRouteData route;
  route.queues.push_back({.broker_name = "broker-a.example.com"});
  for (const auto& name : kBadTopics) {
    SCOPED_TRACE(testing::PrintToString(name));
    wire::RegisterTopic::Header add;
    add.topic = name;
    ExpectRefused<wire::RegisterTopic>(add, ToJson(route));
    wire::DeleteTopicRoute::Header remove;
    remove.topic = name;
    ExpectRefused<wire::DeleteTopicRoute>(remove);
    wire::GetRoute::Header get;
    get.topic = name;
    EXPECT_EQ(Ask<wire::GetRoute>(get)->code, kTopicNotExist);
  }
  EXPECT_EQ(Known(), before);
}

TEST_P(BadNames, OfBrokersChangeNoRoute) {
  RegisterGood();
  const std::string before = Known();
  for (const auto& name : kBadNames) {
    SCOPED_TRACE(testing::PrintToString(name));
    wire::WipeWritePermission::Header wipe;
    wipe.broker_name = name;
    ExpectRefused<wire::WipeWritePermission>(wipe);
    wire::AddWritePermission::Header add;
    add.broker_name = name;
    ExpectRefused<wire::AddWritePermission>(add);
    wire::RegisterTopic::Header topic;
    topic.topic = "orders";
    wire::TopicRouteData route;
    route.queues.push_back({.broker_name = name});
    Ask<wire::RegisterTopic>(topic, ToJson(route));
    wire::UnregisterBroker::Header leave;
    leave.broker_name = leave.cluster_name = leave.broker_addr = name;
    Ask<wire::UnregisterBroker>(leave);
    wire::BrokerHeartbeat::Header beat;
    beat.broker_name = beat.cluster_name = beat.broker_addr = name;
    Ask<wire::BrokerHeartbeat>(beat);
  }
  EXPECT_EQ(Known(), before);
}

INSTANTIATE_TEST_SUITE_P(Forms, BadNames,
                         testing::Values(wire::HeaderForm::kJson, wire::HeaderForm::kBinary),
                         [](const auto& form) {
                           return form.param == wire::HeaderForm::kJson ? "Json" : "Binary";
                         });

}  // namespace
}  // namespace comet::namesrv
