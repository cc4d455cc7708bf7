#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "remoting/base/status_or.h"

namespace comet::bench {

// What a process has used since it started, read from /proc (see proc(5)).
struct ProcessUsage {
  pid_t pid = 0;
  std::string name;
  double cpu_s = 0;                  // user and system, all threads
  std::int64_t rss_bytes = 0;        // now
  std::int64_t rss_max_bytes = 0;    // high-water mark
  std::int64_t disk_read_bytes = 0;  // that reached the block layer
  std::int64_t disk_write_bytes = 0;
  std::int64_t network_in_bytes = 0;  // of its network namespace, all interfaces
  std::int64_t network_out_bytes = 0;

  // Used between `start` and this reading; sizes stay as they are.
  ProcessUsage Since(const ProcessUsage& start) const;
};

// kNotFound when there is no such process (any more).
StatusOr<ProcessUsage> ReadProcessUsage(pid_t pid);

}  // namespace comet::bench
