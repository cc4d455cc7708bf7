#include "broker/retry.h"

#include <string>

#include <gtest/gtest.h>

#include "remoting/wire/message_id.h"
#include "remoting/wire/properties.h"

namespace comet::broker {
namespace {

namespace property = wire::property;

class RetryTest : public testing::Test {
 protected:
  RetryTest() {
    record_.topic = "orders";
    record_.body = "body";
    record_.log_offset = 4096;
    record_.store_host = wire::Host::V4(127, 0, 0, 1, 10911);
    record_.born_ms = 77;
    record_.flag = 5;
  }

  std::unique_ptr<RetryMessage> Make(RetryRules rules) {
    auto made = MakeRetry(record_, rules, *levels_, wire::Host::V4(127, 0, 0, 1, 10911));
    EXPECT_TRUE(made.ok());
    return made.Take();
  }
  static std::string Get(const RetryMessage& retry, std::string_view name) {
    return std::string(wire::FindProperty(retry.properties, name).value_or("(none)"));
  }

  StatusOr<store::DelayTable> levels_ = store::DelayTable::Parse("1s 5s 10s 30s");
  wire::RecordView record_;
};

TEST_F(RetryTest, TheFirstRetryWaitsInTheQueueOfLevelThree) {
  const auto retry = Make({.group = "g"});
  EXPECT_FALSE(retry->dead_letter);
  EXPECT_EQ(retry->source.topic, store::kDelayTopic);
  EXPECT_EQ(retry->source.queue_id, 2);
  EXPECT_EQ(Get(*retry, property::kDelay), "3");
  EXPECT_EQ(Get(*retry, property::kRealTopic), "%RETRY%g");
  EXPECT_EQ(Get(*retry, property::kRealQueueId), "0");
  EXPECT_EQ(Get(*retry, property::kRetryTopic), "orders");
  EXPECT_EQ(Get(*retry, property::kWait), "false");
  EXPECT_EQ(Get(*retry, property::kOriginMessageId),
            wire::FormatMessageId(record_.store_host, 4096));
  EXPECT_EQ(retry->source.reconsume_times, 1);
  EXPECT_EQ(retry->source.body, "body");
  EXPECT_EQ(retry->source.born_ms, 77);
  EXPECT_EQ(retry->source.flag, 5);
}

TEST_F(RetryTest, LaterRetriesWaitLongerAndNeverBeyondTheLastLevel) {
  record_.reconsume_times = 1;
  EXPECT_EQ(Make({.group = "g"})->source.queue_id, 3);
  record_.reconsume_times = 9;
  EXPECT_EQ(Make({.group = "g"})->source.queue_id, 3);
  EXPECT_EQ(Make({.group = "g", .delay_level = 1})->source.queue_id, 0);
}

TEST_F(RetryTest, WhereItCameFromIsToldOnceAndKept) {
  const std::string properties =
      "RETRY_TOPIC\x01"
      "first\x02ORIGIN_MESSAGE_ID\x01id\x02";
  record_.properties = properties;
  const auto retry = Make({.group = "g"});
  EXPECT_EQ(Get(*retry, property::kRetryTopic), "first");
  EXPECT_EQ(Get(*retry, property::kOriginMessageId), "id");
}

TEST_F(RetryTest, TooManyDeliveriesEndWithTheDeadLetters) {
  record_.reconsume_times = 16;
  const auto retry = Make({.group = "g"});
  EXPECT_TRUE(retry->dead_letter);
  EXPECT_EQ(retry->source.topic, "%DLQ%g");
  EXPECT_EQ(retry->source.queue_id, 0);
  EXPECT_EQ(Get(*retry, property::kDelay), "0");
  EXPECT_EQ(Get(*retry, property::kDlqOriginTopic), "orders");
  EXPECT_EQ(retry->source.reconsume_times, 17);
}

TEST_F(RetryTest, ANegativeLevelMeansTheDeadLettersAtOnce) {
  EXPECT_TRUE(Make({.group = "g", .delay_level = -1})->dead_letter);
}

TEST_F(RetryTest, PropertiesThatNoLongerFitAreRefused) {
  const std::string properties = "a\x01" + std::string(32'700, 'x') + "\x02";
  record_.properties = properties;
  const auto made = MakeRetry(record_, {.group = "g"}, *levels_, record_.store_host);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code(), Status::Code::kInvalid);
}

}  // namespace
}  // namespace comet::broker
