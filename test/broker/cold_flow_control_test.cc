#include "broker/cold_flow_control.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

class ColdFlowControlTest : public testing::Test {
 protected:
  using Booking = ColdFlowControl::Booking;
  static constexpr std::int64_t kKiB = 1024;

  ColdFlowControlTest() { clock_.Advance(std::chrono::hours(1)); }
  static Duration Ms(std::int64_t ms) { return std::chrono::milliseconds(ms); }
  std::optional<Booking> Book(const std::string& group) { return control_.Book(group, limits_); }
  // How long the next read of the group would wait; -1 ms: it would be refused.
  Duration WaitOf(const std::string& group) {
    const auto booking = Book(group);
    if (!booking) return Ms(-1);
    control_.Settle(group, *booking, 0);
    return booking->wait;
  }
  void Read(const std::string& group, std::int64_t bytes) {
    const auto booking = Book(group);
    ASSERT_TRUE(booking.has_value());
    clock_.Advance(booking->wait);
    control_.Settle(group, *booking, bytes);
  }
  // What they read in the time, one after the other, each as soon as it may.
  std::int64_t BytesIn(Duration time, const std::vector<std::string>& groups, std::int64_t bytes) {
    std::int64_t read = 0;
    const auto end = clock_.Now() + time;
    for (std::size_t i = 0;; ++i) {
      Read(groups[i % groups.size()], bytes);
      if (clock_.Now() >= end) return read;
      read += bytes;
    }
  }

  ManualClock clock_;
  ColdFlowControl control_{clock_};
  ColdFlowControl::Limits limits_{5000 * kKiB, 1LL << 50};  // a group: 1 KiB a millisecond
};

TEST_F(ColdFlowControlTest, AGroupWaitsForTheTimeOfWhatItHasRead) {
  EXPECT_EQ(WaitOf("g"), Ms(0));
  Read("g", 500 * kKiB);
  EXPECT_EQ(WaitOf("g"), Ms(500) - ColdFlowControl::kCredit);
  clock_.Advance(Ms(100));
  EXPECT_EQ(WaitOf("g"), Ms(400) - ColdFlowControl::kCredit);
  EXPECT_EQ(WaitOf("other"), Ms(0));
}

TEST_F(ColdFlowControlTest, AllWaitForTheTimeOfWhatAllHaveRead) {
  limits_ = {1LL << 50, 5000 * kKiB};
  Read("one", 500 * kKiB);
  EXPECT_EQ(WaitOf("other"), Ms(500) - ColdFlowControl::kCredit);
}

TEST_F(ColdFlowControlTest, AGroupGetsItsThresholdInAWindow) {
  const auto read = BytesIn(2 * ColdFlowControl::kWindow, {"g"}, 100 * kKiB);
  EXPECT_NEAR(static_cast<double>(read / kKiB), 10'000, 250);
}

TEST_F(ColdFlowControlTest, AllGroupsTogetherGetTheirThresholdInAWindow) {
  limits_ = {1LL << 50, 5000 * kKiB};
  const auto read = BytesIn(2 * ColdFlowControl::kWindow, {"one", "other"}, 100 * kKiB);
  EXPECT_NEAR(static_cast<double>(read / kKiB), 10'000, 250);
}

TEST_F(ColdFlowControlTest, ReadsThatComeAtOnceGetTimesOneBehindTheOther) {
  const auto each = Ms(ColdFlowControl::kFirstGuessBytes / kKiB);
  std::vector<Booking> bookings;
  for (auto booking = Book("g"); booking; booking = Book("g")) bookings.push_back(*booking);
  ASSERT_GE(bookings.size(), 7U);
  EXPECT_EQ(bookings[0].wait, Ms(0));
  for (std::size_t i = 1; i < bookings.size(); ++i) {
    EXPECT_EQ(bookings[i].wait, each * i - ColdFlowControl::kCredit);
    EXPECT_LE(bookings[i].wait, ColdFlowControl::kWaitMax);
  }
}

TEST_F(ColdFlowControlTest, WhatWasBookedAndNotReadIsGivenBack) {
  const auto booking = Book("g");
  ASSERT_TRUE(booking.has_value());
  EXPECT_GT(WaitOf("g"), Ms(0));
  control_.Settle("g", *booking, 0);
  EXPECT_EQ(WaitOf("g"), Ms(0));
}

TEST_F(ColdFlowControlTest, TheNextReadIsGuessedFromTheLast) {
  for (int i = 0; i < 50; ++i) Read("g", 40 * kKiB);
  const auto booking = Book("g");
  ASSERT_TRUE(booking.has_value());
  EXPECT_NEAR(static_cast<double>(booking->bytes), 40.0 * kKiB, 10);
}

TEST_F(ColdFlowControlTest, ReadsFromMemoryAreNotGuessedToCostNothing) {
  for (int i = 0; i < 100; ++i) Read("g", 0);
  const auto booking = Book("g");
  ASSERT_TRUE(booking.has_value());
  EXPECT_EQ(booking->bytes, ColdFlowControl::kGuessBytesMin);
}

TEST_F(ColdFlowControlTest, WhoWouldWaitTooLongIsRefusedAndNothingIsBooked) {
  Read("g", 1500 * kKiB);
  EXPECT_EQ(Book("g"), std::nullopt);
  EXPECT_EQ(Book("g"), std::nullopt);
  clock_.Advance(Ms(500));
  EXPECT_EQ(WaitOf("g"), Ms(1000) - ColdFlowControl::kCredit);
}

TEST_F(ColdFlowControlTest, AReadOfMoreThanAWindowsBytesTakesAWindow) {
  Read("g", 1LL << 40);
  clock_.Advance(ColdFlowControl::kWindow - ColdFlowControl::kCredit - Ms(1));
  EXPECT_EQ(WaitOf("g"), Ms(1));
}

TEST_F(ColdFlowControlTest, WhatWasLeftUnusedIsNotSaved) {
  Read("g", 1);
  clock_.Advance(Ms(3'600'000));
  Read("g", 500 * kKiB);
  EXPECT_EQ(WaitOf("g"), Ms(500) - ColdFlowControl::kCredit);
}

TEST_F(ColdFlowControlTest, WhoChangesTheLimitsLetsAllBeginAnew) {
  limits_.group_bytes = 1;
  Read("g", 500 * kKiB);
  EXPECT_EQ(Book("g"), std::nullopt);
  limits_.group_bytes = 5000 * kKiB;
  EXPECT_EQ(WaitOf("g"), Ms(0));
}

TEST_F(ColdFlowControlTest, NothingIsKeptOfGroupsWhoseReadsAreOver) {
  for (int i = 0; i < 100; ++i) Read("g" + std::to_string(i), 10);
  EXPECT_EQ(control_.groups(), 100U);
  clock_.Advance(2 * ColdFlowControl::kWindow);
  Read("last", 10);
  EXPECT_EQ(control_.groups(), 1U);
}

}  // namespace
}  // namespace comet::broker
