#include <comet/allocation.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/src/md5.h"
#include "sdk/src/share_out.h"

namespace comet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Queue> Queues(const std::vector<std::string>& brokers, int each) {
  std::vector<Queue> queues;
  for (const std::string& broker : brokers) {
    for (int id = 0; id < each; ++id) queues.push_back({"TopicTest", broker, id});
  }
  return queues;
}

// What a client gets, as "broker-a:0".
std::vector<std::string> PartOf(AllocationStrategy& strategy, const std::string& self,
                                const std::vector<Queue>& queues,
                                const std::vector<std::string>& clients) {
  std::vector<std::string> part;
  for (const Queue& queue : strategy.allocate(self, queues, clients)) {
    part.push_back(queue.broker + ":" + std::to_string(queue.id));
  }
  return part;
}

const std::vector<std::string> kThree{"c0", "c1", "c2"};

TEST(Allocation, AveragelyGivesBlocksAndTheFirstOnesOneMore) {
  const auto strategy = averagely();
  const auto queues = Queues({"a"}, 8);
  EXPECT_THAT(PartOf(*strategy, "c0", queues, kThree), ElementsAre("a:0", "a:1", "a:2"));
  EXPECT_THAT(PartOf(*strategy, "c1", queues, kThree), ElementsAre("a:3", "a:4", "a:5"));
  EXPECT_THAT(PartOf(*strategy, "c2", queues, kThree), ElementsAre("a:6", "a:7"));
  EXPECT_THAT(PartOf(*strategy, "c1", Queues({"a"}, 1), kThree), IsEmpty());
  EXPECT_THAT(PartOf(*strategy, "stranger", queues, kThree), IsEmpty());
  EXPECT_EQ(strategy->name(), "AVG");
}

TEST(Allocation, ByCircleGivesOneAfterTheOther) {
  const auto strategy = averagely_by_circle();
  const auto queues = Queues({"a"}, 8);
  EXPECT_THAT(PartOf(*strategy, "c0", queues, kThree), ElementsAre("a:0", "a:3", "a:6"));
  EXPECT_THAT(PartOf(*strategy, "c1", queues, kThree), ElementsAre("a:1", "a:4", "a:7"));
  EXPECT_THAT(PartOf(*strategy, "c2", queues, kThree), ElementsAre("a:2", "a:5"));
  EXPECT_EQ(strategy->name(), "AVG_BY_CIRCLE");
}

TEST(Allocation, Md5IsThatOfTheRfc) {
  const auto hex = [](std::string_view text) {
    std::string digits;
    for (const std::uint8_t byte : client::Md5(text)) {
      constexpr std::string_view kHex = "0123456789abcdef";
      digits += kHex[byte >> 4U];
      digits += kHex[byte & 15U];
    }
    return digits;
  };
  EXPECT_EQ(hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

// Computed by an independent program from the ring's definition.
TEST(Allocation, ConsistentHashUsesJavasRing) {
  const auto strategy = consistent_hash();
  const auto queues = Queues({"broker-a", "broker-b"}, 4);
  const std::vector<std::string> clients{"10.0.0.1@1#1", "10.0.0.2@2#2", "10.0.0.3@3#3"};
  EXPECT_THAT(PartOf(*strategy, clients[0], queues, clients),
              ElementsAre("broker-a:1", "broker-a:3", "broker-b:2"));
  EXPECT_THAT(PartOf(*strategy, clients[1], queues, clients), ElementsAre("broker-b:3"));
  EXPECT_THAT(PartOf(*strategy, clients[2], queues, clients),
              ElementsAre("broker-a:0", "broker-a:2", "broker-b:0", "broker-b:1"));
  EXPECT_EQ(strategy->name(), "CONSISTENT_HASH");
}

TEST(Allocation, ConsistentHashMovesOnlyTheQueuesOfTheOneThatLeft) {
  const auto strategy = consistent_hash();
  const auto queues = Queues({"a", "b", "c", "d"}, 16);
  const auto before = PartOf(*strategy, "c0", queues, kThree);
  const auto after = PartOf(*strategy, "c0", queues, {"c0", "c1"});
  EXPECT_THAT(after, testing::IsSupersetOf(before));
}

TEST(Allocation, MachineRoomTakesOnlyItsBrokersAndGivesTheRestOneEach) {
  const auto strategy = machine_room({"east", "west"});
  auto queues = Queues({"east@a", "north@a", "west@a", "west"}, 4);
  queues.push_back({"TopicTest", "east@x@y", 0});
  EXPECT_THAT(PartOf(*strategy, "c0", queues, kThree),
              ElementsAre("east@a:0", "east@a:1", "west@a:2"));
  EXPECT_THAT(PartOf(*strategy, "c1", queues, kThree),
              ElementsAre("east@a:2", "east@a:3", "west@a:3"));
  EXPECT_THAT(PartOf(*strategy, "c2", queues, kThree), ElementsAre("west@a:0", "west@a:1"));
}

TEST(Allocation, NearbyKeepsQueuesInTheirRoomAndSharesThoseOfEmptyRooms) {
  MachineRooms rooms;
  rooms.of_queue = [](const Queue& queue) {
    return queue.broker.substr(0, 4);
  };
  rooms.of_client = [](std::string_view client) {
    return std::string(client.substr(0, 4));
  };
  const auto strategy = machine_room_nearby(averagely(), rooms);
  const auto queues = Queues({"east-a", "none-a", "west-a"}, 2);
  const std::vector<std::string> clients{"east-1", "east-2", "west-1"};
  EXPECT_THAT(PartOf(*strategy, "east-1", queues, clients), ElementsAre("east-a:0", "none-a:0"));
  EXPECT_THAT(PartOf(*strategy, "east-2", queues, clients), ElementsAre("east-a:1", "none-a:1"));
  EXPECT_THAT(PartOf(*strategy, "west-1", queues, clients), ElementsAre("west-a:0", "west-a:1"));
  EXPECT_EQ(strategy->name(), "MACHINE_ROOM_NEARBY-AVG");
}

TEST(Allocation, ByConfigGivesWhatItWasTold) {
  const auto strategy = by_config({{"TopicTest", "a", 3}});
  EXPECT_THAT(PartOf(*strategy, "anybody", Queues({"a"}, 8), kThree), ElementsAre("a:3"));
  EXPECT_EQ(strategy->name(), "CONFIG");
}

TEST(Allocation, ClientsAreSortedAsJavaSorts) {
  EXPECT_TRUE(client::JavaLess("10.0.0.1@a", "10.0.0.1@b"));
  EXPECT_TRUE(client::JavaLess("a", "aa"));
  EXPECT_FALSE(client::JavaLess("a", "a"));
  // U+1F600 is two surrogates, below U+FF5E, although its UTF-8 is larger.
  EXPECT_TRUE(client::JavaLess("\xF0\x9F\x98\x80", "\xEF\xBD\x9E"));
}

}  // namespace
}  // namespace comet
