#include "broker/stats/stats_book.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class StatsBookTest : public testing::Test {
 protected:
  void Pass(std::chrono::seconds time) {
    for (auto left = time; left > seconds(0); left -= seconds(10)) {
      clock_.Advance(seconds(10));
      book_.Sample();
    }
  }
  wire::BrokerStatsData View(std::string_view name) {
    const auto data = book_.View(name, "orders");
    EXPECT_TRUE(data.has_value());
    return data.value_or(wire::BrokerStatsData{});
  }

  ManualClock clock_;
  StatsBook book_{clock_};
};

TEST_F(StatsBookTest, ShowsWhatCameInEachWindow) {
  book_.Add(StatKind::kTopicPut, "orders", {30, 10, 3000});
  clock_.Advance(seconds(10));
  const auto numbers = View("TOPIC_PUT_NUMS");
  EXPECT_EQ(numbers.minute.sum, 30);
  EXPECT_DOUBLE_EQ(numbers.minute.tps, 3.0);
  EXPECT_DOUBLE_EQ(numbers.minute.average, 3.0);
  EXPECT_EQ(numbers.hour.sum, 30);
  EXPECT_EQ(numbers.day.sum, 30);
  EXPECT_EQ(View("TOPIC_PUT_SIZE").minute.sum, 3000);
  EXPECT_DOUBLE_EQ(book_.MinuteTps(StatKind::kTopicPut, "orders"), 3.0);
}

TEST_F(StatsBookTest, AWindowForgetsWhatIsOlder) {
  book_.Add(StatKind::kTopicPut, "orders", {30, 10, 3000});
  Pass(minutes(2));
  EXPECT_EQ(View("TOPIC_PUT_NUMS").minute.sum, 0);
  EXPECT_DOUBLE_EQ(View("TOPIC_PUT_NUMS").minute.tps, 0.0);
  EXPECT_EQ(View("TOPIC_PUT_NUMS").hour.sum, 30);
  book_.Add(StatKind::kTopicPut, "orders", {5, 5, 5});
  EXPECT_EQ(View("TOPIC_PUT_NUMS").minute.sum, 5);
  Pass(minutes(80));
  EXPECT_EQ(View("TOPIC_PUT_NUMS").hour.sum, 0);
  EXPECT_EQ(View("TOPIC_PUT_NUMS").day.sum, 35);
}

TEST_F(StatsBookTest, KeepsKindsAndKeysApart) {
  book_.Add(StatKind::kTopicPut, "orders", {1, 1, 1});
  EXPECT_FALSE(book_.View("GROUP_GET_NUMS", "orders").has_value());
  EXPECT_FALSE(book_.View("TOPIC_PUT_NUMS", "order").has_value());
  EXPECT_FALSE(book_.View("NO_SUCH_NUMS", "orders").has_value());
}

TEST_F(StatsBookTest, ForgetsADeletedTopic) {
  book_.Add(StatKind::kTopicPut, "orders", {1, 1, 1});
  book_.Add(StatKind::kGroupGet, "orders@g", {1, 1, 1});
  book_.Add(StatKind::kSendBack, "orders2@g", {1, 1, 1});
  book_.ForgetTopic("orders");
  EXPECT_EQ(book_.size(), 1U);
}

TEST_F(StatsBookTest, ForgetsWhatWasIdleForADay) {
  book_.Add(StatKind::kTopicPut, "idle", {1, 1, 1});
  Pass(std::chrono::hours(23));
  EXPECT_EQ(book_.size(), 1U);
  Pass(std::chrono::hours(3));
  EXPECT_EQ(book_.size(), 0U);
}

TEST_F(StatsBookTest, IsBounded) {
  for (std::size_t i = 0; i <= StatsBook::kItemsMax; ++i) {
    book_.Add(StatKind::kTopicPut, std::to_string(i), {1, 1, 1});
  }
  EXPECT_EQ(book_.size(), StatsBook::kItemsMax);
}

}  // namespace
}  // namespace comet::broker
