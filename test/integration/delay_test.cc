#include <chrono>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "broker/context.h"
#include "broker_fixture.h"
#include "eventually.h"
#include "remoting/wire/requests/clean_unused_topics.h"
#include "remoting/wire/requests/delete_topic.h"
#include "remoting/wire/requests/send_message_back.h"

namespace comet::broker {
namespace {

// The shortest level there can be is a second; pulls wait for what they expect, and no test sleeps.
class Delays : public BrokerTest {
 protected:
  Delays() {
    options_.store.delay_levels = "1s 1s 1s 1s 1h";
    Start();
  }
  // A bit of its body, on the disk and where the broker has it mapped.
  void Damage(const Received& message) {
    constexpr std::int64_t kRecordBytesMost = 1'000;
    std::fstream file(directory_ / "store/commitlog/00000000000000000000",
                      std::ios::in | std::ios::out | std::ios::binary);
    std::string record(kRecordBytesMost, '\0');
    file.seekg(message.log_offset).read(record.data(), kRecordBytesMost);
    const auto at = record.find(message.body);
    ASSERT_NE(at, std::string::npos);
    file.seekp(message.log_offset + static_cast<std::int64_t>(at)).put(record[at] ^ 1);
  }
  // What waits for an hour is due now: its level lasts a second.
  void RestartWithShortLevels() {
    options_.store.delay_levels = "1s 1s 1s 1s 1s";
    Restart();
  }
  void SendBack(const std::string& group, std::int64_t log_offset, std::int32_t level = 0,
                std::optional<std::int32_t> times_max = std::nullopt) {
    wire::SendMessageBack::Header header;
    header.log_offset = log_offset;
    header.group = group;
    header.delay_level = level;
    header.max_reconsume_times = times_max;
    const auto answer = Ask<wire::SendMessageBack>(header);
    EXPECT_EQ(answer->code, 0) << answer->remark;
  }
};

TEST_F(Delays, AMessageComesWhenItsTimeHasCome) {
  Put("orders", "at once");
  ASSERT_EQ(Next("orders", 0).body, "at once");
  auto header = SendTo("orders", 0);
  header.properties =
      "DELAY\x01"
      "1\x02TAGS\x01TagA\x02";
  const auto began = std::chrono::steady_clock::now();
  const auto sent = Send(header, "later");
  ASSERT_EQ(sent->code, 0) << sent->remark;
  EXPECT_EQ(sent->reply.queue_id, 0);
  const auto got = Next("orders", 1);
  // Times of records are whole milliseconds.
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(998));
  EXPECT_EQ(got.body, "later");
  EXPECT_EQ(got.topic, "orders");
  EXPECT_EQ(got.Property("DELAY"), "1");
  EXPECT_EQ(got.Property("REAL_TOPIC"), "orders");
  EXPECT_EQ(got.Property("TAGS"), "TagA");
}

TEST_F(Delays, ALevelBeyondTheLastIsTheLast) {
  Put("orders", "at once");
  Put("orders", "in an hour",
      "DELAY\x01"
      "99\x02");
  const auto waiting = Next("SCHEDULE_TOPIC_XXXX", 0, 4);
  EXPECT_EQ(waiting.Property("DELAY"), "5");
  EXPECT_EQ(waiting.body, "in an hour");
}

// Its copy would have a CRC of its own, and nobody could tell any more.
TEST_F(Delays, AMessageThatDecaysWhileItWaitsIsNotDelivered) {
  Put("orders", "at once");
  const std::string in_an_hour =
      "DELAY\x01"
      "5\x02";
  Put("orders", "decays", in_an_hour);
  Put("orders", "stays", in_an_hour);
  Damage(Next("SCHEDULE_TOPIC_XXXX", 0, 4));
  RestartWithShortLevels();
  EXPECT_EQ(Next("orders", 1).body, "stays");
}

TEST_F(Delays, AMessageThatHasDecayedCannotBeSentBack) {
  const auto got = Next("orders", Put("orders", "decays"));
  Damage(got);
  wire::SendMessageBack::Header header;
  header.log_offset = got.log_offset;
  header.group = "g";
  EXPECT_NE(Ask<wire::SendMessageBack>(header)->code, 0);
}

TEST_F(Delays, MessagesThatWaitSurviveARestart) {
  Put("orders", "at once");
  Put("orders", "later",
      "DELAY\x01"
      "1\x02");
  Restart();
  EXPECT_EQ(Next("orders", 1).body, "later");
}

TEST_F(Delays, WhatWasDeliveredIsNotDeliveredAgainAfterARestart) {
  Put("orders", "at once");
  Put("orders", "later",
      "DELAY\x01"
      "1\x02");
  ASSERT_EQ(Next("orders", 1).body, "later");
  Restart();
  Put("orders", "even later",
      "DELAY\x01"
      "1\x02");
  EXPECT_EQ(Next("orders", 2).body, "even later");
}

TEST_F(Delays, AMessageSentBackComesAgainAndEndsWithTheDeadLetters) {
  Put("orders", "hard to consume");
  const auto first = Next("orders", 0);
  SendBack("g", first.log_offset, 0, 2);
  const auto second = Next("%RETRY%g", 0);
  EXPECT_EQ(second.body, "hard to consume");
  EXPECT_EQ(second.reconsume_times, 1);
  EXPECT_EQ(second.Property("RETRY_TOPIC"), "orders");
  SendBack("g", second.log_offset, 1, 2);
  const auto third = Next("%RETRY%g", 1);
  EXPECT_EQ(third.reconsume_times, 2);
  EXPECT_EQ(third.Property("ORIGIN_MESSAGE_ID"), second.Property("ORIGIN_MESSAGE_ID"));
  SendBack("g", third.log_offset, 0, 2);
  const auto dead = Next("%DLQ%g", 0);
  EXPECT_EQ(dead.body, "hard to consume");
  EXPECT_EQ(dead.reconsume_times, 3);
  EXPECT_EQ(dead.Property("RETRY_TOPIC"), "orders");
}

TEST_F(Delays, WhatIsSentBackComesToAQueueThatTheRetryTopicHas) {
  constexpr int kMessages = 6;
  // Each is longer than the one before, so their places in the log are not all alike modulo three.
  std::string body;
  for (int i = 0; i < kMessages; ++i) Put("orders", body.append(16, '.'));
  SendBack("g", Next("orders", 0).log_offset, 1);
  auto group = *broker_->context().groups.Find("g");
  ASSERT_EQ(group.retry_queues, 1);
  group.retry_queues = 3;
  ASSERT_TRUE(broker_->context().groups.Put(group).ok());
  for (int i = 1; i < kMessages; ++i) SendBack("g", Next("orders", i).log_offset, 1);
  for (int i = 0; i < kMessages; ++i) {
    ASSERT_EQ(Next("SCHEDULE_TOPIC_XXXX", i).Property("REAL_QID"), "0") << i;
  }
  for (int i = 0; i < kMessages; ++i) EXPECT_EQ(Next("%RETRY%g", i).queue_id, 0) << i;
}

// They are stored all the same, because a topic that is not known need not have been deleted.
TEST_F(Delays, MessagesOfADeletedTopicAreLeftoversWhichAreCleaned) {
  Put("orders", "later",
      "DELAY\x01"
      "5\x02");
  ASSERT_EQ(Ask<wire::DeleteTopic>({"orders"})->code, 0);
  RestartWithShortLevels();
  const auto& queues = broker_->context().store.queues();
  const auto left = [&queues] {
    const auto* queue = queues.Find("orders", 0);
    return queue == nullptr ? 0 : queue->queue().end();
  };
  ASSERT_TRUE(Eventually(kTimeout, [&] { return left() == 1; }));
  EXPECT_EQ(Ask<wire::CleanUnusedTopics>({})->code, 0);
  EXPECT_EQ(left(), 0);
}

TEST_F(Delays, ANegativeLevelGoesToTheDeadLettersAtOnce) {
  Put("orders", "hopeless");
  SendBack("g", Next("orders", 0).log_offset, -1);
  EXPECT_EQ(Next("%DLQ%g", 0).body, "hopeless");
}

TEST_F(Delays, WhatIsNotInTheLogCannotBeSentBack) {
  wire::SendMessageBack::Header header;
  header.log_offset = 99'999'999;
  header.group = "g";
  EXPECT_EQ(Ask<wire::SendMessageBack>(header)->code, 1);
}

TEST_F(Delays, AMessageSentToARetryTopicTooOftenEndsWithTheDeadLetters) {
  auto header = SendTo("%RETRY%g", 0);
  header.reconsume_times = 1;
  header.max_reconsume_times = 1;
  ASSERT_EQ(Send(header, "once more")->code, 0);
  EXPECT_EQ(Next("%RETRY%g", 0).body, "once more");
  header.reconsume_times = 2;
  ASSERT_EQ(Send(header, "too often")->code, 0);
  const auto dead = Next("%DLQ%g", 0);
  EXPECT_EQ(dead.body, "too often");
  EXPECT_EQ(dead.Property("DELAY"), "-1");
}

class TwentyDelayLevels : public BrokerTest {
 protected:
  void ComesAtLevelTwenty(std::string_view body, std::int64_t offset) {
    Put("orders", body,
        "DELAY\x01"
        "20\x02");
    const auto got = Next("orders", offset);
    EXPECT_EQ(got.body, body);
    EXPECT_EQ(got.Property("DELAY"), "20");
  }
  static constexpr std::string_view kLevels =
      "1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s";
};

TEST_F(TwentyDelayLevels, AMessageOfTheLastComesWhenItsTimeHasCome) {
  options_.store.delay_levels = kLevels;
  Start();
  Put("orders", "at once");
  ComesAtLevelTwenty("later", 1);
}

TEST_F(TwentyDelayLevels, ABrokerThatHadTheUsualOnesBeforeGetsThem) {
  Start();
  Put("orders", "at once");
  StopBroker();
  options_.store.delay_levels = kLevels;
  Start();
  ComesAtLevelTwenty("later", 1);
}

}  // namespace
}  // namespace comet::broker
