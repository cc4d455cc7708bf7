#include "broker/cold_flow_control.h"

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

class ColdFlowControlTest : public testing::Test {
 protected:
  ColdFlowControlTest() { clock_.Advance(std::chrono::hours(1)); }
  static Duration Ms(std::int64_t ms) { return std::chrono::milliseconds(ms); }
  Duration Charge(const std::string& group, std::int64_t bytes) {
    return control_.Charge(group, bytes, limits_);
  }
  // What they read in the time, one after the other, each as soon as it may.
  std::int64_t BytesIn(Duration time, const std::vector<std::string>& groups, std::int64_t bytes) {
    std::int64_t read = 0;
    const auto end = clock_.Now() + time;
    for (std::size_t i = 0;; ++i) {
      const auto& group = groups[i % groups.size()];
      const auto wait = control_.WaitOf(group);
      if (!wait) return -1;
      clock_.Advance(*wait);
      clock_.Advance(Charge(group, bytes));
      if (clock_.Now() >= end) return read;
      read += bytes;
    }
  }

  ManualClock clock_;
  ColdFlowControl control_{clock_};
  ColdFlowControl::Limits limits_{5000, 1LL << 50};  // a group: 1 byte a millisecond
};

TEST_F(ColdFlowControlTest, AGroupWaitsForTheTimeOfWhatItHasRead) {
  EXPECT_EQ(control_.WaitOf("g"), Duration::zero());
  EXPECT_EQ(Charge("g", 1000), Duration::zero());
  EXPECT_EQ(control_.WaitOf("g"), Ms(1000) - ColdFlowControl::kCredit);
  EXPECT_EQ(Charge("g", 1000), Duration::zero());  // was in line before
  EXPECT_EQ(control_.WaitOf("g"), Ms(2000) - ColdFlowControl::kCredit);
  clock_.Advance(Ms(1500));
  EXPECT_EQ(control_.WaitOf("g"), Ms(500) - ColdFlowControl::kCredit);
  EXPECT_EQ(control_.WaitOf("other"), Duration::zero());
}

TEST_F(ColdFlowControlTest, TheLineWaitsForWhatAllHaveRead) {
  limits_ = {1LL << 50, 5000};
  EXPECT_EQ(Charge("one", 1000), Duration::zero());
  EXPECT_EQ(Charge("other", 500), Ms(1000) - ColdFlowControl::kCredit);
  EXPECT_EQ(Charge("third", 1), Ms(1500) - ColdFlowControl::kCredit);
  EXPECT_EQ(control_.WaitOf("other"), Duration::zero());
}

TEST_F(ColdFlowControlTest, AGroupGetsItsThresholdInAWindow) {
  const auto read = BytesIn(2 * ColdFlowControl::kWindow, {"g"}, 100);
  EXPECT_NEAR(static_cast<double>(read), 10'000, 150);
}

TEST_F(ColdFlowControlTest, AllGroupsTogetherGetTheirThresholdInAWindow) {
  limits_ = {1LL << 50, 5000};
  const auto read = BytesIn(2 * ColdFlowControl::kWindow, {"one", "other"}, 100);
  EXPECT_NEAR(static_cast<double>(read), 10'000, 150);
}

TEST_F(ColdFlowControlTest, WhoWouldWaitTooLongIsToldSo) {
  EXPECT_EQ(Charge("g", 4000), Duration::zero());
  EXPECT_EQ(control_.WaitOf("g"), std::nullopt);
  clock_.Advance(Ms(1000));
  EXPECT_EQ(control_.WaitOf("g"), Ms(3000) - ColdFlowControl::kCredit);
}

TEST_F(ColdFlowControlTest, AReadOfMoreThanAWindowsBytesTakesAWindow) {
  EXPECT_EQ(Charge("g", 1LL << 40), Duration::zero());
  clock_.Advance(ColdFlowControl::kWindow - ColdFlowControl::kCredit - Ms(1));
  EXPECT_EQ(control_.WaitOf("g"), Ms(1));
}

TEST_F(ColdFlowControlTest, WhatWasLeftUnusedIsNotSaved) {
  EXPECT_EQ(Charge("g", 1), Duration::zero());
  clock_.Advance(Ms(3'600'000));
  EXPECT_EQ(Charge("g", 1000), Duration::zero());
  EXPECT_EQ(control_.WaitOf("g"), Ms(1000) - ColdFlowControl::kCredit);
}

TEST_F(ColdFlowControlTest, NothingIsKeptOfGroupsThatHaveNotReadLately) {
  for (int i = 0; i < 100; ++i) Charge("g" + std::to_string(i), 10);
  EXPECT_EQ(control_.groups(), 100U);
  clock_.Advance(2 * ColdFlowControl::kWindow);
  Charge("last", 10);
  EXPECT_EQ(control_.groups(), 1U);
}

TEST(ColdFlowControlWaitTest, NobodyWaitsBehindAStop) {
  ColdFlowControl control(SystemClock());
  std::thread waiting([&] { control.Wait(std::chrono::hours(1)); });
  control.Stop();
  waiting.join();
  control.Wait(std::chrono::hours(1));
}

TEST(ColdFlowControlWaitTest, AWaitTakesItsTime) {
  ColdFlowControl control(SystemClock());
  const auto begun = SystemClock().Now();
  control.Wait(std::chrono::milliseconds(5));
  EXPECT_GE(SystemClock().Now() - begun, std::chrono::milliseconds(5));
}

}  // namespace
}  // namespace comet::broker
