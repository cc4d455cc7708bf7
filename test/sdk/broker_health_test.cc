#include "sdk/src/broker_health.h"

#include <gtest/gtest.h>

namespace comet::client {
namespace {

using std::chrono::milliseconds;

TEST(BrokerHealth, ASlowBrokerIsAvoidedAsLongAsRocketMqsTableSays) {
  struct Row {
    int took_ms, avoided_ms;
  };
  for (const Row row : {Row{549, 0}, Row{550, 2000}, Row{1800, 5000}, Row{3000, 6000},
                        Row{5000, 10000}, Row{15000, 30000}}) {
    BrokerHealth health(true);
    const MonoTime now{};
    health.OnAnswer("a", milliseconds(row.took_ms), now);
    const MonoTime end = now + milliseconds(row.avoided_ms);
    EXPECT_EQ(health.IsAvoided("a", end - milliseconds(1)), row.avoided_ms > 0) << row.took_ms;
    EXPECT_FALSE(health.IsAvoided("a", end)) << row.took_ms;
    EXPECT_FALSE(health.IsAvoided("b", now));
  }
}

TEST(BrokerHealth, SlownessCountsOnlyIfThatIsWanted) {
  BrokerHealth health(false);
  health.OnAnswer("a", milliseconds(60000), MonoTime());
  EXPECT_FALSE(health.IsAvoided("a", MonoTime()));
}

TEST(BrokerHealth, AnAnswerEndsTheTimeOfABrokerThatCouldNotBeReached) {
  BrokerHealth health(true);
  const MonoTime now{};
  health.OnUnreachable("a", now);
  EXPECT_TRUE(health.IsAvoided("a", now + milliseconds(9999)));
  health.OnAnswer("a", milliseconds(1), now);
  EXPECT_FALSE(health.IsAvoided("a", now));
}

}  // namespace
}  // namespace comet::client
