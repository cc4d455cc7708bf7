#include "remoting/base/log.h"

#include <gtest/gtest.h>

namespace comet {
namespace {

TEST(LogLimiter, ASecondLineAtOnceIsHeldBack) {
  LogLimiter limiter;
  EXPECT_TRUE(limiter.Allow());
  EXPECT_FALSE(limiter.Allow());
}

TEST(Log, HeldBackLinesAreCounted) {
  EXPECT_EQ(SuppressedText(0), "");
  EXPECT_EQ(SuppressedText(3), "(3 like this held back) ");
}

}  // namespace
}  // namespace comet
