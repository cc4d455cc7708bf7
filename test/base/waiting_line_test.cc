#include "remoting/base/waiting_line.h"

#include <chrono>

#include <gtest/gtest.h>

namespace comet {
namespace {

TEST(WaitingLine, TellsItsLengthAndHowLongTheFirstWaits) {
  constexpr auto kSecond = std::chrono::seconds(1);
  const MonoTime start{};
  WaitingLine line;
  EXPECT_EQ(line.At(start).size, 0U);
  line.Enter(start);
  line.Enter(start + 2 * kSecond);
  EXPECT_EQ(line.At(start + 3 * kSecond).size, 2U);
  EXPECT_EQ(line.At(start + 3 * kSecond).head_wait, 3 * kSecond);
  line.LeaveFirst();
  EXPECT_EQ(line.At(start + 3 * kSecond).head_wait, kSecond);
  line.LeaveFirst();
  EXPECT_EQ(line.At(start + 3 * kSecond).size, 0U);
  EXPECT_EQ(line.At(start + 3 * kSecond).head_wait, Duration::zero());
}

}  // namespace
}  // namespace comet
