#pragma once

#include <atomic>
#include <cstdint>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

namespace comet {

enum class LogLevel { kInfo, kWarning, kError };

struct LogOptions {
  std::string program;                         // names the log file
  std::string directory;                       // empty: standard error only
  LogLevel stderr_level = LogLevel::kWarning;  // from this level on also to standard error
  LogLevel lowest = LogLevel::kInfo;           // what is below is dropped everywhere
};

// Once, first thing in main. Without it, lines go to standard error.
void StartLogging(const LogOptions& options);
void ReopenLogs();  // after logrotate has moved the files (SIGHUP)
void FlushLogs();
bool ShouldLog(LogLevel level);
void LogLine(LogLevel level, const char* file, int line, std::string_view text);

// Decides whether a line that can come very often may come now: at most one a second and place,
// and how many were held back since. Any thread.
class LogLimiter {
 public:
  bool Allow();
  std::int64_t TakeSuppressed() { return suppressed_now_; }

 private:
  std::atomic<std::int64_t> next_ns_ = 0;
  std::atomic<std::int64_t> suppressed_ = 0;
  std::atomic<std::int64_t> suppressed_now_ = 0;
};

// "(12 like this held back) ", or nothing.
std::string SuppressedText(std::int64_t count);

// Collects one line and hands it over when it goes out of scope.
class LogMessage {
 public:
  LogMessage(LogLevel level, const char* file, int line)
      : level_(level), file_(file), line_(line) {}
  ~LogMessage() { LogLine(level_, file_, line_, stream_.str()); }
  LogMessage(const LogMessage&) = delete;
  LogMessage& operator=(const LogMessage&) = delete;
  std::ostream& stream() { return stream_; }

 private:
  LogLevel level_;
  const char* file_;
  int line_;
  std::ostringstream stream_;
};

struct LogVoidify {
  void operator&(const std::ostream&) {}
};

}  // namespace comet

#define COMET_LOG_AT(level)  \
  !::comet::ShouldLog(level) \
      ? (void)0              \
      : ::comet::LogVoidify() & ::comet::LogMessage(level, __FILE__, __LINE__).stream()

// LOG_INFO << "text": one line for an operator; say what happened and what to do.
#define LOG_INFO COMET_LOG_AT(::comet::LogLevel::kInfo)
#define LOG_WARN COMET_LOG_AT(::comet::LogLevel::kWarning)
#define LOG_ERROR COMET_LOG_AT(::comet::LogLevel::kError)

// LOG_WARN_LIMITED << …: at most one line a second from this place.
#define COMET_LOG_LIMITED(level)                          \
  static ::comet::LogLimiter COMET_LOG_LIMITER;           \
  if (COMET_LOG_LIMITER.Allow())                          \
  ::comet::LogMessage(level, __FILE__, __LINE__).stream() \
      << ::comet::SuppressedText(COMET_LOG_LIMITER.TakeSuppressed())
#define COMET_LOG_LIMITER COMET_LOG_JOIN(comet_log_limiter_, __LINE__)
#define COMET_LOG_JOIN(a, b) COMET_LOG_JOIN_INNER(a, b)
#define COMET_LOG_JOIN_INNER(a, b) a##b
#define LOG_WARN_LIMITED COMET_LOG_LIMITED(::comet::LogLevel::kWarning)
#define LOG_ERROR_LIMITED COMET_LOG_LIMITED(::comet::LogLevel::kError)
