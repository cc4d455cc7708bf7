#pragma once

#include <cstdint>
#include <string>

namespace comet::store {

// The store's own settings; each module declares its own, none sees another's.
struct StoreConfig {
  std::string root = "store";
  std::string commit_log;  // empty: <root>/commitlog
  std::int64_t segment_bytes = std::int64_t{1} << 30;
  bool sync_flush = false;
  std::int64_t flush_interval_ms = 500;
  std::int64_t flush_bytes = 16 << 20;
  std::int64_t sync_flush_timeout_ms = 5000;
  std::int64_t append_queue_bytes = 64 << 20;
  std::int64_t group_bytes = 256 << 10;
  std::int64_t message_bytes_max = 4 << 20;
  std::int64_t disk_full_percent = 90;
  bool accept_loss = false;
  std::string delay_levels = "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h";

  std::string commit_log_path() const {
    return commit_log.empty() ? root + "/commitlog" : commit_log;
  }
};

}  // namespace comet::store
