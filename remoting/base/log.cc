#include "remoting/base/log.h"

#include <chrono>
#include <filesystem>

#include <glog/logging.h>

#include "remoting/base/clock.h"

namespace comet {
namespace {

google::LogSeverity SeverityOf(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return google::GLOG_INFO;
    case LogLevel::kWarning:
      return google::GLOG_WARNING;
    case LogLevel::kError:
      return google::GLOG_ERROR;
  }
  return google::GLOG_ERROR;
}

std::atomic<bool> g_started = false;

// The file's path, empty when lines go to standard error only. Written once, before threads.
std::string& LogFile() {
  static std::string path;
  return path;
}

}  // namespace

void StartLogging(const LogOptions& options) {
  FLAGS_logbufsecs = 1;
  FLAGS_max_log_size = 256;  // MiB, then the next file
  FLAGS_stop_logging_if_full_disk = true;
  FLAGS_stderrthreshold = SeverityOf(options.stderr_level);
  FLAGS_minloglevel = SeverityOf(options.lowest);
  if (options.directory.empty()) {
    FLAGS_logtostderr = true;
  } else {
    std::error_code ignored;  // glog reports a directory it cannot write to
    std::filesystem::create_directories(options.directory, ignored);
    LogFile() = options.directory + "/" + options.program + ".log";
    FLAGS_timestamp_in_logfile_name = false;
    google::SetLogDestination(google::GLOG_INFO, LogFile().c_str());
    google::SetLogDestination(google::GLOG_WARNING, "");
    google::SetLogDestination(google::GLOG_ERROR, "");
    google::SetLogDestination(google::GLOG_FATAL, "");
    google::SetLogSymlink(google::GLOG_INFO, "");
  }
  static std::string program;  // glog keeps the pointer
  program = options.program;
  google::InitGoogleLogging(program.c_str());
  g_started = true;
}

void ReopenLogs() {
  if (LogFile().empty()) return;
  // A change of the name closes the file; the next line opens it anew.
  google::SetLogDestination(google::GLOG_INFO, "");
  google::SetLogDestination(google::GLOG_INFO, LogFile().c_str());
}

void FlushLogs() {
  google::FlushLogFiles(google::GLOG_INFO);
}

bool ShouldLog(LogLevel level) {
  return g_started || level != LogLevel::kInfo;
}

void LogLine(LogLevel level, const char* file, int line, std::string_view text) {
  google::LogMessage(file, line, SeverityOf(level)).stream() << text;
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
