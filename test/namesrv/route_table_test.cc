#include "namesrv/route_table.h"

#include <gtest/gtest.h>

namespace comet::namesrv {
namespace {

wire::QueueData Queues(const std::string& broker) {
  return {
      .broker_name = broker, .read_queues = 8, .write_queues = 8, .perm = 6, .topic_sys_flag = 0};
}

bool Any(const RouteTable::Brokers&) {
  return true;
}

TEST(RouteTable, ForgetsATopicWithItsLastBroker) {
  RouteTable table;
  ASSERT_TRUE(table.Put("orders", Queues("broker-a")));
  ASSERT_TRUE(table.Put("orders", Queues("broker-b")));
  table.RemoveFromBroker("orders", "broker-a");
  ASSERT_NE(table.Find("orders"), nullptr);
  EXPECT_FALSE(table.Has("orders", "broker-a"));
  table.RemoveFromBroker("orders", "broker-b");
  EXPECT_EQ(table.Find("orders"), nullptr);
  EXPECT_EQ(table.size(), 0U);
}

TEST(RouteTable, RemovesABrokerFromEveryTopic) {
  RouteTable table;
  ASSERT_TRUE(table.Put("only-a", Queues("broker-a")));
  ASSERT_TRUE(table.Put("both", Queues("broker-a")));
  ASSERT_TRUE(table.Put("both", Queues("broker-b")));
  table.RemoveBroker("broker-a");
  EXPECT_EQ(table.Topics(Any), std::vector<std::string>{"both"});
}

TEST(RouteTable, KeepsWhatABrokerStillHas) {
  RouteTable table;
  for (const char* topic : {"a", "b", "c"}) ASSERT_TRUE(table.Put(topic, Queues("broker-a")));
  ASSERT_TRUE(table.Put("b", Queues("broker-b")));
  table.RetainOfBroker("broker-a", [](std::string_view topic) { return topic == "c"; });
  EXPECT_EQ(table.Topics(Any), (std::vector<std::string>{"b", "c"}));
  EXPECT_FALSE(table.Has("b", "broker-a"));
}

TEST(RouteTable, ChangesPermsOfOneBrokerAndCountsTopics) {
  RouteTable table;
  ASSERT_TRUE(table.Put("a", Queues("broker-a")));
  ASSERT_TRUE(table.Put("b", Queues("broker-a")));
  ASSERT_TRUE(table.Put("b", Queues("broker-b")));
  EXPECT_EQ(table.ChangePerms("broker-a", [](std::int32_t perm) { return perm & ~2; }), 2);
  EXPECT_EQ(table.Find("b")->at("broker-a").perm, 4);
  EXPECT_EQ(table.Find("b")->at("broker-b").perm, 6);
  EXPECT_EQ(table.ChangePerms("nobody", [](std::int32_t perm) { return perm; }), 0);
}

TEST(RouteTable, RefusesNewTopicsWhenFullAndStillUpdatesOldOnes) {
  RouteTable table(2);
  ASSERT_TRUE(table.Put("a", Queues("broker-a")));
  ASSERT_TRUE(table.Put("b", Queues("broker-a")));
  EXPECT_FALSE(table.Put("c", Queues("broker-a")));
  EXPECT_TRUE(table.Put("a", Queues("broker-b")));
}

}  // namespace
}  // namespace comet::namesrv
