#include "broker/ha/send_window.h"

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

using std::chrono::milliseconds;

constexpr MonoTime kStart = MonoTime(std::chrono::hours(1));

TEST(SendWindow, HasNoEndWithoutALimit) {
  SendWindow window;
  window.Sent(1 << 30);
  EXPECT_GT(window.Left(kStart, 0), std::int64_t{1} << 40);
}

TEST(SendWindow, AllowsSoMuchInASecondAndTellsWhenTheNextBegins) {
  SendWindow window;
  EXPECT_EQ(window.Left(kStart, 1000), 1000);
  window.Sent(400);
  EXPECT_EQ(window.Left(kStart + milliseconds(100), 1000), 600);
  window.Sent(600);
  EXPECT_EQ(window.Left(kStart + milliseconds(300), 1000), 0);
  EXPECT_EQ(window.UntilNext(kStart + milliseconds(300)), milliseconds(700));
  EXPECT_EQ(window.Left(kStart + milliseconds(1000), 1000), 1000);
}

TEST(SendWindow, TakesWhatWasTooMuchFromTheNextSecond) {
  SendWindow window;
  EXPECT_EQ(window.Left(kStart, 1000), 1000);
  window.Sent(1700);
  EXPECT_EQ(window.Left(kStart + milliseconds(1000), 1000), 300);
}

TEST(SendWindow, ForgetsAfterAPause) {
  SendWindow window;
  EXPECT_EQ(window.Left(kStart, 1000), 1000);
  window.Sent(5000);
  EXPECT_EQ(window.Left(kStart + milliseconds(2500), 1000), 1000);
}

}  // namespace
}  // namespace comet::broker
