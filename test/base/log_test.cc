#include <chrono>
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

TEST(Log, ALimitedLineSaysHowManyWereHeldBackSinceTheLast) {
  std::vector<std::string> lines;
  SetThreadLogSink([&lines](LogLevel, std::string_view text) { lines.emplace_back(text); });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  int attempts = 0;
  for (; lines.size() < 2 && std::chrono::steady_clock::now() < end; ++attempts) {
    LOG_WARN_LIMITED << "closing a peer";
    std::this_thread::yield();
  }
  SetThreadLogSink({});
  EXPECT_EQ(lines, (std::vector<std::string>{"closing a peer",
                                             "(" + std::to_string(attempts - 2) +
                                                 " like this held back) closing a peer"}));
}

TEST(Log, HeldBackLinesAreCounted) {
  EXPECT_EQ(SuppressedText(0), "");
  EXPECT_EQ(SuppressedText(3), "(3 like this held back) ");
}

}  // namespace
}  // namespace comet
