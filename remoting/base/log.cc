#include "remoting/base/log.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "remoting/base/clock.h"
#include "remoting/base/log_sink.h"

namespace comet {
namespace {

std::atomic<LogWriter> g_writer = nullptr;
thread_local LogSink t_sink;

}  // namespace

void SetThreadLogSink(LogSink sink) {
  t_sink = std::move(sink);
}

void SetLogWriter(LogWriter writer) {
  g_writer = writer;
}

bool ShouldLog(LogLevel level) {
  return static_cast<bool>(t_sink) || g_writer.load() != nullptr || level != LogLevel::kInfo;
}

void LogLine(LogLevel level, const char* file, int line, std::string_view text) {
  if (t_sink) {
    t_sink(level, text);
  } else if (const LogWriter writer = g_writer.load()) {
    writer(level, file, line, text);
  } else {
    std::fprintf(stderr, "%s:%d: %.*s\n", file, line, static_cast<int>(text.size()), text.data());
  }
}

bool LogLimiter::Allow() {
  const std::int64_t now = SystemClock().Now().time_since_epoch().count();
  std::int64_t next = next_ns_.load(std::memory_order_relaxed);
  const std::int64_t after = now + std::chrono::nanoseconds(std::chrono::seconds(1)).count();
  if (now < next || !next_ns_.compare_exchange_strong(next, after)) {
    suppressed_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  suppressed_now_ = suppressed_.exchange(0);
  return true;
}

std::string SuppressedText(std::int64_t count) {
  return count == 0 ? std::string() : "(" + std::to_string(count) + " like this held back) ";
}

}  // namespace comet
