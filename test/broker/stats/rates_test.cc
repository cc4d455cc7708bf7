#include "broker/stats/rates.h"

#include <chrono>

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

MonoTime At(int second) {
  return MonoTime{} + std::chrono::seconds(second);
}

TEST(Rates, AreZeroAtTheStart) {
  Rates rates;
  EXPECT_EQ(rates.Text(Rates::kPut), "0.0 0.0 0.0");
  rates.Sample(At(0), {7, 0, 0, 0});
  EXPECT_EQ(rates.Text(Rates::kPut), "0.0 0.0 0.0");
}

TEST(Rates, CoverTheirWindowOrTheTimeSoFar) {
  Rates rates;
  for (int second = 0; second <= 60; ++second) {
    // 10 a second in the last 10 s only.
    rates.Sample(At(second), {second <= 50 ? 0 : (second - 50) * 10, second, 2 * second, 0});
  }
  EXPECT_EQ(rates.Text(Rates::kPut).substr(0, 4), "10.0");
  EXPECT_EQ(rates.Text(Rates::kFound), "1.0 1.0 1.0");
  EXPECT_EQ(rates.TotalText(), "3.0 3.0 3.0");
  EXPECT_EQ(rates.Text(Rates::kTransferred), "0.0 0.0 0.0");
}

TEST(DayTotals, MoveAtMidnight) {
  constexpr WallMs kDay = 86'400'000;
  DayTotals totals;
  totals.Tick(kDay * 100, {1, 2});
  EXPECT_EQ(totals.this_morning().put, 0);
  totals.Tick(kDay * 101, {10, 20});
  EXPECT_EQ(totals.this_morning().put, 10);
  EXPECT_EQ(totals.yesterday_morning().put, 0);
  totals.Tick(kDay * 101 + 1, {11, 21});
  totals.Tick(kDay * 102, {30, 40});
  EXPECT_EQ(totals.this_morning().get, 40);
  EXPECT_EQ(totals.yesterday_morning().get, 20);
}

}  // namespace
}  // namespace comet::broker
