#include <filesystem>

#include <glog/logging.h>

#include "remoting/base/log_sink.h"

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

void WriteToGlog(LogLevel level, const char* file, int line, std::string_view text) {
  google::LogMessage(file, line, SeverityOf(level)).stream() << text;
}

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
  SetLogWriter(WriteToGlog);
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

}  // namespace comet
