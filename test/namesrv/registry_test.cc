#include "namesrv/registry.h"

#include <chrono>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "namesrv/limits.h"

namespace comet::namesrv {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr net::ConnectionId kConnection{0, 1, 1};

class RegistryTest : public testing::Test {
 protected:
  // A broker of broker-a with the topics "orders" and "stock", four queues each.
  static Registration Broker(std::int64_t id, std::string address) {
    Registration broker;
    broker.cluster = "Cluster";
    broker.name = "broker-a";
    broker.address = std::move(address);
    broker.ha_address = "10.0.0.1:10912";
    broker.id = id;
    broker.timeout = seconds(120);
    broker.topics.data_version.counter = 1;
    broker.connection = kConnection;
    SetTopic(&broker, "orders", 4, 6);
    SetTopic(&broker, "stock", 4, 6);
    return broker;
  }
  static void SetTopic(Registration* broker, const std::string& name, std::int32_t queues,
                       std::int32_t perm) {
    wire::TopicConfig& topic = broker->topics.topics[name];
    topic.name = name;
    topic.read_queues = topic.write_queues = queues;
    topic.perm = perm;
  }

  MasterOfGroup Register(const Registration& broker) {
    auto master = registry_.Register(broker);
    EXPECT_TRUE(master.ok()) << master.error().message();
    return master.ok() ? master.Take() : MasterOfGroup();
  }
  void Change(const std::function<void(NamesrvConfig*)>& change) {
    NamesrvConfig config = *settings_.Get();
    change(&config);
    settings_.Replace(config);
  }
  std::int32_t PermOf(const std::string& topic) {
    const auto route = registry_.Route(topic);
    return route && !route->queues.empty() ? route->queues.front().perm : -1;
  }
  std::map<std::int64_t, std::string> AddressesOf(const std::string& topic) {
    const auto route = registry_.Route(topic);
    return route ? route->brokers.front().addresses : std::map<std::int64_t, std::string>();
  }

  ManualClock clock_;
  Live<NamesrvConfig> settings_{NamesrvConfig()};
  Registry registry_{clock_, settings_};
};

using Addresses = std::map<std::int64_t, std::string>;

TEST_F(RegistryTest, GivesTheRouteOfARegisteredTopic) {
  Register(Broker(0, "10.0.0.1:10911"));
  const auto route = registry_.Route("orders");
  ASSERT_TRUE(route);
  ASSERT_EQ(route->queues.size(), 1U);
  EXPECT_EQ(route->queues[0].broker_name, "broker-a");
  EXPECT_EQ(route->queues[0].read_queues, 4);
  EXPECT_EQ(route->queues[0].perm, 6);
  ASSERT_EQ(route->brokers.size(), 1U);
  EXPECT_EQ(route->brokers[0].cluster, "Cluster");
  EXPECT_EQ(route->brokers[0].addresses, (Addresses{{0, "10.0.0.1:10911"}}));
  EXPECT_FALSE(registry_.Route("unknown"));
}

TEST_F(RegistryTest, TellsASlaveWhereItsMasterIs) {
  EXPECT_EQ(Register(Broker(1, "10.0.0.2:10911")).address, "");
  EXPECT_EQ(Register(Broker(0, "10.0.0.1:10911")).address, "");
  const MasterOfGroup master = Register(Broker(1, "10.0.0.2:10911"));
  EXPECT_EQ(master.address, "10.0.0.1:10911");
  EXPECT_EQ(master.ha_address, "10.0.0.1:10912");
  EXPECT_EQ(AddressesOf("orders"), (Addresses{{0, "10.0.0.1:10911"}, {1, "10.0.0.2:10911"}}));
}

TEST_F(RegistryTest, TakesNoTopicsFromAnOrdinarySlave) {
  Register(Broker(0, "10.0.0.1:10911"));
  Registration slave = Broker(1, "10.0.0.2:10911");
  SetTopic(&slave, "slaves-own", 1, 6);
  slave.topics.data_version.counter = 9;
  Register(slave);
  EXPECT_FALSE(registry_.Route("slaves-own"));
}

TEST_F(RegistryTest, RefusesASingleTopicFromABrokerItDoesNotKnow) {
  Registration broker = Broker(0, "10.0.0.1:10911");
  broker.topics.topics.erase("stock");
  const auto refused = registry_.Register(broker);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message(), "register broker failed");
  EXPECT_TRUE(registry_.Clusters().brokers.empty());

  Register(Broker(0, "10.0.0.1:10911"));
  broker.topics.data_version.counter = 2;
  SetTopic(&broker, "orders", 8, 6);
  Register(broker);
  EXPECT_EQ(registry_.Route("orders")->queues[0].read_queues, 8);
  EXPECT_TRUE(registry_.Route("stock"));
}

TEST_F(RegistryTest, ChangesTopicsOnlyWithTheVersion) {
  Register(Broker(0, "10.0.0.1:10911"));
  ASSERT_EQ(registry_.WipeWritePerm("broker-a"), 2);
  Registration again = Broker(0, "10.0.0.1:10911");
  SetTopic(&again, "new", 1, 6);
  Register(again);
  EXPECT_EQ(PermOf("orders"), 4);  // the switch holds
  EXPECT_EQ(PermOf("new"), 6);     // what was not known comes with any registration

  again.topics.data_version.counter = 2;
  Register(again);
  EXPECT_EQ(PermOf("orders"), 6);
}

TEST_F(RegistryTest, GivesWritingBackOnRequest) {
  Register(Broker(0, "10.0.0.1:10911"));
  registry_.WipeWritePerm("broker-a");
  EXPECT_EQ(PermOf("orders"), 4);
  EXPECT_EQ(registry_.AddWritePerm("broker-a"), 2);
  EXPECT_EQ(PermOf("orders"), 6);
  EXPECT_EQ(registry_.WipeWritePerm("nobody"), 0);
}

TEST_F(RegistryTest, ForgetsASilentBrokerAfterItsTimeoutAndNotBefore) {
  Register(Broker(0, "10.0.0.1:10911"));
  clock_.Advance(seconds(120));
  EXPECT_TRUE(registry_.Expire().empty());
  clock_.Advance(milliseconds(1));
  EXPECT_EQ(registry_.Expire(), std::vector<net::ConnectionId>{kConnection});
  EXPECT_FALSE(registry_.Route("orders"));
  EXPECT_TRUE(registry_.Clusters().clusters.empty());
}

TEST_F(RegistryTest, KeepsABrokerThatGivesASignOfLife) {
  Registration broker = Broker(0, "10.0.0.1:10911");
  broker.timeout = seconds(10);
  Register(broker);
  clock_.Advance(seconds(9));
  EXPECT_EQ(registry_.Touch("Cluster", "broker-a", "10.0.0.1:10911")->counter, 1);
  EXPECT_FALSE(registry_.Touch("Cluster", "broker-a", "10.0.0.9:10911"));
  EXPECT_FALSE(registry_.Touch("Other", "broker-a", "10.0.0.1:10911"));
  clock_.Advance(seconds(9));
  EXPECT_TRUE(registry_.Expire().empty());
  EXPECT_TRUE(registry_.Route("orders"));
  clock_.Advance(seconds(2));
  EXPECT_EQ(registry_.Expire().size(), 1U);
}

TEST_F(RegistryTest, ForgetsTheBrokersOfAClosedConnection) {
  Register(Broker(0, "10.0.0.1:10911"));
  Registration slave = Broker(1, "10.0.0.2:10911");
  slave.connection = {0, 2, 1};
  Register(slave);
  registry_.ConnectionClosed(kConnection);
  EXPECT_EQ(AddressesOf("orders"), (Addresses{{1, "10.0.0.2:10911"}}));
  registry_.ConnectionClosed(slave.connection);
  EXPECT_FALSE(registry_.Route("orders"));
}

TEST_F(RegistryTest, KeepsABrokerThatRegisteredAgainOverANewConnection) {
  Register(Broker(0, "10.0.0.1:10911"));
  Registration again = Broker(0, "10.0.0.1:10911");
  again.connection = {0, 2, 1};
  Register(again);
  registry_.ConnectionClosed(kConnection);
  EXPECT_TRUE(registry_.Route("orders"));
}

TEST_F(RegistryTest, UnregistersOneAddress) {
  Register(Broker(0, "10.0.0.1:10911"));
  Register(Broker(1, "10.0.0.2:10911"));
  registry_.Unregister("Cluster", "broker-a", "10.0.0.9:1");
  registry_.Unregister("Other", "broker-a", "10.0.0.1:10911");
  EXPECT_EQ(AddressesOf("orders").size(), 2U);
  registry_.Unregister("Cluster", "broker-a", "10.0.0.1:10911");
  EXPECT_EQ(AddressesOf("orders"), (Addresses{{1, "10.0.0.2:10911"}}));
  registry_.Unregister("Cluster", "broker-a", "10.0.0.2:10911");
  EXPECT_FALSE(registry_.Route("orders"));
}

TEST_F(RegistryTest, MovesABrokerThatChangesItsId) {
  Register(Broker(0, "10.0.0.1:10911"));
  Register(Broker(1, "10.0.0.2:10911"));
  Register(Broker(0, "10.0.0.2:10911"));  // the slave takes over
  EXPECT_EQ(AddressesOf("orders"), (Addresses{{0, "10.0.0.2:10911"}}));
}

TEST_F(RegistryTest, IgnoresAMasterOfAnOlderTerm) {
  Registration current = Broker(0, "10.0.0.2:10911");
  current.topics.data_version.state_version = 2;
  Register(current);
  Registration old = Broker(0, "10.0.0.1:10911");
  old.topics.data_version.state_version = 1;
  EXPECT_EQ(Register(old).address, "");
  EXPECT_EQ(AddressesOf("orders"), (Addresses{{0, "10.0.0.2:10911"}}));
}

TEST_F(RegistryTest, LetsASlaveStandInForALostMasterReadOnly) {
  Change([](NamesrvConfig* config) { config->support_acting_master = true; });
  Registration master = Broker(0, "10.0.0.1:10911");
  master.acting_master = true;
  Register(master);
  Registration slave = Broker(2, "10.0.0.2:10911");
  slave.acting_master = true;
  slave.connection = {0, 2, 1};
  Register(slave);
  EXPECT_EQ(AddressesOf("orders").count(2), 1U);

  registry_.ConnectionClosed(kConnection);
  EXPECT_EQ(PermOf("orders"), 4);
  EXPECT_EQ(AddressesOf("orders"), (Addresses{{0, "10.0.0.2:10911"}}));
}

TEST_F(RegistryTest, DoesNotShowActingMastersUnlessAsked) {
  Registration slave = Broker(2, "10.0.0.2:10911");
  slave.acting_master = true;
  Register(slave);
  EXPECT_EQ(PermOf("orders"), 4);
  EXPECT_EQ(AddressesOf("orders"), (Addresses{{2, "10.0.0.2:10911"}}));
}

TEST_F(RegistryTest, DropsAbsentTopicsWhenToldTo) {
  Register(Broker(0, "10.0.0.1:10911"));
  Registration fewer = Broker(0, "10.0.0.1:10911");
  fewer.topics.topics.erase("stock");
  SetTopic(&fewer, "broker-a", 1, 1);  // as all of a broker's topics have
  fewer.topics.data_version.counter = 2;
  Register(fewer);
  EXPECT_TRUE(registry_.Route("stock"));
  Change([](NamesrvConfig* config) { config->delete_absent_topics = true; });
  Register(fewer);
  EXPECT_FALSE(registry_.Route("stock"));
  EXPECT_TRUE(registry_.Route("orders"));
}

TEST_F(RegistryTest, AChangeOfSomeTopicsDropsNoOthers) {
  Change([](NamesrvConfig* config) { config->delete_absent_topics = true; });
  Registration broker = Broker(0, "10.0.0.1:10911");
  SetTopic(&broker, "broker-a", 1, 1);
  Register(broker);
  for (const char* name : {"fresh", "broker-a"}) {
    broker.topics.topics.clear();
    SetTopic(&broker, name, 2, 7);
    ++broker.topics.data_version.counter;
    Register(broker);
    EXPECT_EQ(PermOf(name), 7);
    EXPECT_TRUE(registry_.Route("orders")) << name;
    EXPECT_TRUE(registry_.Route("stock")) << name;
  }
}

TEST_F(RegistryTest, KeepsFilterServersUntilTheyAreGivenAnew) {
  Registration broker = Broker(0, "10.0.0.1:10911");
  broker.filter_servers = {"10.0.0.1:20000"};
  Register(broker);
  broker.filter_servers.reset();
  Register(broker);
  EXPECT_EQ(registry_.Route("orders")->filter_servers.at("10.0.0.1:10911"),
            std::vector<std::string>{"10.0.0.1:20000"});
  broker.filter_servers.emplace();
  Register(broker);
  EXPECT_TRUE(registry_.Route("orders")->filter_servers.empty());
}

TEST_F(RegistryTest, PassesTheMappingOfStaticTopicsOn) {
  Registration broker = Broker(0, "10.0.0.1:10911");
  broker.topics.mapping_infos =
      *ParseJson(R"({"orders":{"bname":"broker-a","epoch":3,"topic":"orders"}})");
  Register(broker);
  const auto route = registry_.Route("orders");
  const Json* mapping = route->queue_mappings.Find("broker-a");
  ASSERT_NE(mapping, nullptr);
  EXPECT_EQ(*mapping->Find("epoch")->AsInteger(), 3);
  EXPECT_TRUE(registry_.Route("stock")->queue_mappings.IsNull());
  registry_.Unregister("Cluster", "broker-a", "10.0.0.1:10911");
  broker.topics.mapping_infos = Json(Json::Object{});
  Register(broker);
  EXPECT_TRUE(registry_.Route("orders")->queue_mappings.IsNull());
}

TEST_F(RegistryTest, TakesMappingsOfNobodyButTheRegistrant) {
  Registration broker = Broker(0, "10.0.0.1:10911");
  broker.topics.mapping_infos =
      *ParseJson(R"({"orders":{"bname":"x1"},"stock":{"bname":"broker-a"}})");
  Register(broker);
  EXPECT_TRUE(registry_.Route("orders")->queue_mappings.IsNull());
  EXPECT_NE(registry_.Route("stock")->queue_mappings.Find("broker-a"), nullptr);
}

TEST_F(RegistryTest, ListsTopicsByClusterAndByFlag) {
  Registration broker = Broker(0, "10.0.0.1:10911");
  broker.topics.topics["stock"].sys_flag = 2;
  Register(broker);
  Registration other = Broker(0, "10.0.1.1:10911");
  other.name = "broker-b";
  other.cluster = "Other";
  other.topics.topics.clear();
  Register(other);
  EXPECT_EQ(registry_.Topics(), (std::vector<std::string>{"orders", "stock"}));
  EXPECT_EQ(registry_.TopicsOfCluster("Cluster").size(), 2U);
  EXPECT_TRUE(registry_.TopicsOfCluster("Other").empty());
  EXPECT_EQ(registry_.TopicsWithFlags(3, 2), std::vector<std::string>{"stock"});
  EXPECT_TRUE(registry_.TopicsWithFlags(1, 1).empty());
}

TEST_F(RegistryTest, AddsAndDeletesSingleTopics) {
  Register(Broker(0, "10.0.0.1:10911"));
  registry_.AddTopic("added", {{.broker_name = "broker-a",
                                .read_queues = 1,
                                .write_queues = 1,
                                .perm = 6,
                                .topic_sys_flag = 0}});
  EXPECT_EQ(PermOf("added"), 6);
  registry_.AddTopic("mixed", {{.broker_name = "broker-a",
                                .read_queues = 1,
                                .write_queues = 1,
                                .perm = 6,
                                .topic_sys_flag = 0},
                               {.broker_name = "nobody",
                                .read_queues = 1,
                                .write_queues = 1,
                                .perm = 6,
                                .topic_sys_flag = 0}});
  EXPECT_FALSE(registry_.Route("mixed"));
  registry_.DeleteTopic("added", "Other");
  EXPECT_TRUE(registry_.Route("added"));
  registry_.DeleteTopic("added", "Cluster");
  EXPECT_FALSE(registry_.Route("added"));
  registry_.DeleteTopic("orders", "");
  EXPECT_FALSE(registry_.Route("orders"));
}

TEST_F(RegistryTest, BoundsTheBrokersOfOneName) {
  for (std::int64_t id = 0; id < static_cast<std::int64_t>(kMembersMax); ++id) {
    Register(Broker(id, "10.0.0.1:" + std::to_string(1000 + id)));
  }
  const auto refused = registry_.Register(Broker(1'000, "10.0.0.1:9"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Status::Code::kFull);
  Register(Broker(1, "10.0.0.1:1001"));  // who is known may come again
}

}  // namespace
}  // namespace comet::namesrv
