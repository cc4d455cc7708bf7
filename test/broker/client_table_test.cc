#include "broker/client_table.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace comet::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

net::ConnectionId Connection(std::uint32_t slot) {
  return {0, slot, 1};
}

Client MakeClient(const std::string& id, std::uint32_t slot) {
  Client client;
  client.client_id = id;
  client.connection = Connection(slot);
  return client;
}

wire::SubscriptionData Wants(const std::string& topic, std::int64_t version = 1) {
  wire::SubscriptionData wanted;
  wanted.topic = topic;
  wanted.version = version;
  return wanted;
}

// Somebody sets its time of day.
class SetForwardClock : public ManualClock {
 public:
  WallMs WallNow() const override { return ManualClock::WallNow() + forward_.count(); }
  void SetForward(std::chrono::milliseconds by) { forward_ += by; }

 private:
  std::chrono::milliseconds forward_{0};
};

class ClientTableTest : public testing::Test {
 protected:
  ClientTable::BeatResult Beat(const std::string& group, const Client& client,
                               std::vector<wire::SubscriptionData> wanted = {Wants("t")}) {
    ClientTable::ConsumerBeat beat;
    beat.group = group;
    beat.subscriptions = std::move(wanted);
    return clients_.RegisterConsumer(std::move(beat), client);
  }

  SetForwardClock clock_;
  ClientTable clients_{clock_};
};

TEST_F(ClientTableTest, ANewMemberIsToldToAllItselfIncluded) {
  ASSERT_TRUE(Beat("g", MakeClient("c1", 1)).change.has_value());
  const auto second = Beat("g", MakeClient("c2", 2));
  ASSERT_TRUE(second.change.has_value());
  EXPECT_EQ(second.change->group, "g");
  EXPECT_THAT(second.change->members, UnorderedElementsAre(Connection(1), Connection(2)));
  EXPECT_THAT(clients_.ConsumerIds("g"), ElementsAre("c1", "c2"));
}

TEST_F(ClientTableTest, TheSameBeatAgainIsNoNews) {
  static_cast<void>(Beat("g", MakeClient("c1", 1)));
  EXPECT_FALSE(Beat("g", MakeClient("c1", 1)).change.has_value());
}

TEST_F(ClientTableTest, ATopicThatComesOrGoesIsNewsANewVersionIsNot) {
  static_cast<void>(Beat("g", MakeClient("c1", 1), {Wants("t", 1)}));
  EXPECT_FALSE(Beat("g", MakeClient("c1", 1), {Wants("t", 2)}).change.has_value());
  EXPECT_EQ(clients_.Find("g", "t").subscription->data.version, 2);
  EXPECT_TRUE(Beat("g", MakeClient("c1", 1), {Wants("t", 2), Wants("u")}).change.has_value());
  EXPECT_TRUE(Beat("g", MakeClient("c1", 1), {Wants("u")}).change.has_value());
  EXPECT_EQ(clients_.Find("g", "t").subscription, nullptr);
  EXPECT_TRUE(clients_.Find("g", "t").group_exists);
}

TEST_F(ClientTableTest, AnOlderSubscriptionDoesNotReplaceANewerOne) {
  static_cast<void>(Beat("g", MakeClient("c1", 1), {Wants("t", 5)}));
  static_cast<void>(Beat("g", MakeClient("c2", 2), {Wants("t", 4)}));
  EXPECT_EQ(clients_.Find("g", "t").subscription->data.version, 5);
}

TEST_F(ClientTableTest, MembersOfABroadcastingGroupDoNotCareForEachOther) {
  ClientTable::ConsumerBeat beat;
  beat.group = "g";
  beat.profile.model = wire::MessageModel::kBroadcasting;
  EXPECT_FALSE(clients_.RegisterConsumer(std::move(beat), MakeClient("c1", 1)).change.has_value());
  EXPECT_TRUE(clients_.Find("g", "t").broadcasting);
}

TEST_F(ClientTableTest, AClosedConnectionLeavesAllItsGroups) {
  static_cast<void>(Beat("g", MakeClient("c1", 1)));
  static_cast<void>(Beat("g", MakeClient("c2", 2)));
  static_cast<void>(Beat("alone", MakeClient("c1", 1)));
  ASSERT_TRUE(clients_.RegisterProducer("p", MakeClient("c1", 1)));
  const auto changes = clients_.OnClosed(Connection(1));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].group, "g");
  EXPECT_THAT(changes[0].members, ElementsAre(Connection(2)));
  EXPECT_FALSE(clients_.HasConsumers("alone"));
  EXPECT_THAT(clients_.ProducerGroups(), IsEmpty());
}

TEST_F(ClientTableTest, OnlyTheClientItselfUnregisters) {
  static_cast<void>(Beat("g", MakeClient("c1", 1)));
  EXPECT_FALSE(clients_.UnregisterConsumer("g", "c2", Connection(1)).has_value());
  EXPECT_THAT(clients_.ConsumerIds("g"), ElementsAre("c1"));
  static_cast<void>(clients_.UnregisterConsumer("g", "c1", Connection(1)));
  EXPECT_FALSE(clients_.HasConsumers("g"));
}

TEST_F(ClientTableTest, SilenceForTwoMinutesIsTheEnd) {
  static_cast<void>(Beat("g", MakeClient("c1", 1)));
  clock_.Advance(std::chrono::seconds(60));
  static_cast<void>(Beat("g", MakeClient("c2", 2)));
  clock_.Advance(std::chrono::milliseconds(60'001));
  const auto expired = clients_.Expire();
  EXPECT_THAT(expired.connections, ElementsAre(Connection(1)));
  ASSERT_EQ(expired.changes.size(), 1U);
  EXPECT_THAT(clients_.ConsumerIds("g"), ElementsAre("c2"));
}

TEST_F(ClientTableTest, AClockThatIsSetForwardEndsNobody) {
  static_cast<void>(Beat("g", MakeClient("c1", 1)));
  ASSERT_TRUE(clients_.RegisterProducer("p", MakeClient("c2", 2)));
  clock_.SetForward(std::chrono::hours(1));
  EXPECT_THAT(clients_.Expire().connections, IsEmpty());
  EXPECT_THAT(clients_.ConsumerIds("g"), ElementsAre("c1"));
  static_cast<void>(Beat("g", MakeClient("c1", 1)));
  EXPECT_EQ(clients_.Consumers("g")->clients[0].last_seen_ms, clock_.WallNow());
}

TEST_F(ClientTableTest, AClientThatReconnectsIsListedOnce) {
  static_cast<void>(Beat("g", MakeClient("c1", 1)));
  static_cast<void>(Beat("g", MakeClient("c1", 2)));
  EXPECT_THAT(clients_.ConsumerIds("g"), ElementsAre("c1"));
}

TEST_F(ClientTableTest, AFingerprintTellsWhetherSubscriptionsMustBeSentAgain) {
  const auto beat = [this](std::int32_t fingerprint, bool short_form) {
    ClientTable::ConsumerBeat one;
    one.group = "g";
    one.fingerprint = fingerprint;
    one.keep_subscriptions = short_form;
    if (!short_form) one.subscriptions.push_back(Wants("t"));
    return clients_.RegisterConsumer(std::move(one), MakeClient("c1", 1)).subscriptions_differ;
  };
  EXPECT_TRUE(beat(12345, true));  // of a broker that has forgotten
  EXPECT_FALSE(beat(12345, false));
  EXPECT_FALSE(beat(12345, true));
  EXPECT_TRUE(beat(999, false));
  EXPECT_FALSE(beat(999, true));
  EXPECT_NE(clients_.Find("g", "t").subscription, nullptr);
}

TEST_F(ClientTableTest, AProducerIsFoundByItsClientId) {
  ASSERT_TRUE(clients_.RegisterProducer("p", MakeClient("c1", 1)));
  ASSERT_TRUE(clients_.FindProducer("c1").has_value());
  EXPECT_EQ(clients_.FindProducer("c1")->connection, Connection(1));
  EXPECT_FALSE(clients_.FindProducer("c2").has_value());
  EXPECT_EQ(clients_.Producers("p").size(), 1U);
}

}  // namespace
}  // namespace comet::broker
