#include "sdk/src/route.h"

#include <cstddef>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/flags.h"

namespace comet::client {
namespace {

using testing::ElementsAre;

class RouteTest : public testing::Test {
 protected:
  RoutePtr Make() {
    return MakeRoute("orders", "orders", /*vip_channel=*/false, pool_, std::move(data_));
  }
  void AddMaster(const std::string& broker) {
    wire::BrokerData& master = data_.brokers.emplace_back();
    master.broker_name = broker;
    master.addresses[0] = "127.0.0.1:1";
  }
  void AddQueues(const std::string& broker, int count, int perm = wire::perm::kReadWrite) {
    wire::QueueData& queues = data_.queues.emplace_back();
    queues.broker_name = broker;
    queues.read_queues = queues.write_queues = count;
    queues.perm = perm;
  }

  net::LoopGroup loops_;
  net::ClientPool pool_{loops_, {}};
  wire::TopicRouteData data_;
};

TEST_F(RouteTest, HasTheQueuesOfTheFirstEntryOfABroker) {
  for (const char* broker : {"broker-a", "broker-b"}) AddMaster(broker);
  AddQueues("broker-b", 1);
  AddQueues("broker-a", 2);
  AddQueues("broker-b", 3);
  AddQueues("broker-a", 4);
  const RoutePtr route = Make();
  const Queue first{"orders", "broker-a", 0}, second{"orders", "broker-a", 1},
      third{"orders", "broker-b", 0};
  EXPECT_THAT(route->readable, ElementsAre(first, second, third));
  EXPECT_THAT(route->writable, ElementsAre(first, second, third));
  EXPECT_EQ(route->masters.size(), 2U);
}

TEST_F(RouteTest, DoesNotGrowWithEntriesThatAreRepeated) {
  AddMaster("broker-a");
  for (int i = 0; i < 20; ++i) AddQueues("broker-a", 65536);
  const RoutePtr route = Make();
  EXPECT_EQ(route->readable.size(), 65536U);
  EXPECT_EQ(route->writable.size(), 65536U);
}

TEST_F(RouteTest, HasNoMoreThanAMillionQueuesInAll) {
  for (int i = 0; i < 17; ++i) {
    const std::string broker = Concat("broker-", i);
    AddMaster(broker);
    AddQueues(broker, 65536, wire::perm::kRead);
  }
  EXPECT_EQ(Make()->readable.size(), std::size_t{1} << 20);
}

}  // namespace
}  // namespace comet::client
