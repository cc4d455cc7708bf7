#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/base/log_sink.h"

namespace comet {
namespace {

TEST(LogLimiter, ASecondLineAtOnceIsHeldBack) {
  LogLimiter limiter;
  EXPECT_TRUE(limiter.Allow());
  EXPECT_FALSE(limiter.Allow());
}

TEST(ThreadLogSink, TakesTheLinesOfItsThreadAlone) {
  std::vector<std::string> lines;
  SetThreadLogSink([&lines](LogLevel, std::string_view text) { lines.emplace_back(text); });
  LOG_INFO << "one " << 1;
  LOG_WARN_LIMITED << "two";
  std::jthread([] { LOG_WARN << "of another thread"; }).join();
  SetThreadLogSink({});
  LOG_WARN << "afterwards";
  EXPECT_EQ(lines, (std::vector<std::string>{"one 1", "two"}));
}

TEST(Log, HeldBackLinesAreCounted) {
  EXPECT_EQ(SuppressedText(0), "");
  EXPECT_EQ(SuppressedText(3), "(3 like this held back) ");
}

}  // namespace
}  // namespace comet
