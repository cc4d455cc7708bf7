#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "remoting/base/describe_config.h"

namespace comet::store {

enum class FlushDiskType : std::uint8_t { kSync, kAsync };
constexpr auto NamesOf(FlushDiskType) {
  return std::array<std::string_view, 2>{"SYNC_FLUSH", "ASYNC_FLUSH"};
}

// The store's own settings; each module declares its own, none sees another's.
struct StoreConfig {
  std::string root = "store";
  std::string commit_log;  // empty: <root>/commitlog
  std::int64_t segment_bytes = std::int64_t{1} << 30;
  std::int64_t queue_file_bytes = 6'000'000;
  FlushDiskType flush = FlushDiskType::kAsync;
  std::int64_t flush_interval_ms = 500;
  std::int64_t flush_bytes = 16 << 20;
  std::int64_t sync_flush_timeout_ms = 5000;
  std::int64_t replica_timeout_ms = 3000;
  std::int64_t replica_gap_bytes = 256 << 20;
  std::int64_t checkpoint_interval_ms = 1000;
  std::int64_t append_queue_bytes = 64 << 20;
  std::int64_t group_bytes = 256 << 10;
  std::int64_t message_bytes_max = 4 << 20;
  bool accept_loss = false;
  bool replica = false;  // this log is a copy of a master's: set by the broker's role
  bool index = true;
  std::int32_t index_slots = 5'000'000;
  std::int32_t index_entries = 20'000'000;
  std::string delay_levels = "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h";
  std::string delete_when = "04";
  std::int64_t reserved_hours = 72;
  std::int64_t clean_interval_ms = 10'000;
  std::int32_t clean_percent = 75;
  std::int32_t clean_at_once_percent = 85;
  std::int32_t disk_full_percent = 90;
  bool delete_unexpired = false;
  std::int32_t delete_files_max = 10;

  bool sync_flush() const { return flush == FlushDiskType::kSync; }
  std::string commit_log_path() const {
    return commit_log.empty() ? root + "/commitlog" : commit_log;
  }
  Status Check() const;  // rules between settings

  static constexpr auto Settings() {
    using C = StoreConfig;
    constexpr std::int64_t kMiB = 1 << 20;
    constexpr std::int64_t kHourMs = 3600 * 1000;
    return Declaration{
        S(&C::root, "storePathRootDir", When::kStart, "Directory of all store files."),
        S(&C::commit_log, "storePathCommitLog", When::kStart,
          "Directory of the log; empty: commitlog below the root."),
        S(&C::segment_bytes, "mappedFileSizeCommitLog", When::kStart, "Bytes per log file.",
          Between{kMiB, std::int64_t{1} << 31}),
        S(&C::queue_file_bytes, "mappedFileSizeConsumeQueue", When::kStart,
          "Bytes per consume-queue file, a multiple of 20.", Between{20, 1 << 30}),
        S(&C::flush, "flushDiskType", When::kStart,
          "SYNC_FLUSH answers a send after the disk has it, ASYNC_FLUSH before."),
        S(&C::flush_interval_ms, "flushIntervalCommitLog", When::kStart,
          "ASYNC_FLUSH: milliseconds between syncs of the log.", Between{10, 60'000}),
        S(&C::flush_bytes, "flushCommitLogBytes", When::kStart,
          "ASYNC_FLUSH: unsynced bytes that are synced at once.", Between{kMiB, 1024 * kMiB}),
        S(&C::sync_flush_timeout_ms, "syncFlushTimeout", When::kStart,
          "SYNC_FLUSH: milliseconds after which a send is answered FLUSH_DISK_TIMEOUT.",
          Between{10, kHourMs}),
        S(&C::replica_timeout_ms, "slaveTimeout", When::kStart,
          "Milliseconds after which a send that waits for replicas is answered "
          "FLUSH_SLAVE_TIMEOUT.",
          Between{10, kHourMs}),
        S(&C::replica_gap_bytes, "haMaxGapNotInSync", When::kStart,
          "Bytes that a replica may lack and still count as in sync.",
          Between{kMiB, 1024 * 1024 * kMiB}),
        S(&C::checkpoint_interval_ms, "flushIntervalConsumeQueue", When::kStart,
          "Milliseconds between syncs of queues, index and checkpoint.", Between{100, kHourMs}),
        S(&C::append_queue_bytes, "appendQueueBytes", When::kStart,
          "Bytes that may wait for the log's writer; more is answered SYSTEM_BUSY.",
          Between{kMiB, 4096 * kMiB}),
        S(&C::group_bytes, "groupBytes", When::kStart, "Bytes after which a group is written.",
          Between{4096, 64 * kMiB}),
        S(&C::message_bytes_max, "maxMessageSize", When::kStart, "Bytes of a body, at most.",
          Between{10, 256 * kMiB}),
        S(&C::accept_loss, "acceptLoss", When::kStart,
          "Go on without data that was on disk and is gone or cannot be read."),
        S(&C::index, "messageIndexEnable", When::kStart, "Index messages by key."),
        S(&C::index_slots, "maxHashSlotNum", When::kStart, "Hash slots per index file.",
          Between{1, 500'000'000}),
        S(&C::index_entries, "maxIndexNum", When::kStart, "Entries per index file.",
          Between{2, 500'000'000 / 5}),
        S(&C::delay_levels, "messageDelayLevel", When::kStart, "Delay of each level, from 1."),
        S(&C::delete_when, "deleteWhen", When::kLive,
          "Hours of the day at which expired files are deleted, separated by ;"),
        S(&C::reserved_hours, "fileReservedTime", When::kLive, "Hours a full file is kept.",
          Between{1, std::int64_t{24} * 3650}),
        S(&C::clean_interval_ms, "cleanResourceInterval", When::kStart,
          "Milliseconds between looks for expired files.", Between{100, kHourMs}),
        S(&C::clean_percent, "diskMaxUsedSpaceRatio", When::kLive,
          "Percent of the disk above which expired files go at any hour.", Between{10, 95}),
        S(&C::clean_at_once_percent, "diskSpaceCleanForciblyRatio", When::kLive,
          "Percent of the disk above which files go at once.", Between{30, 95}),
        S(&C::disk_full_percent, "diskSpaceWarningLevelRatio", When::kLive,
          "Percent of the disk above which sends are refused.", Between{35, 99}),
        S(&C::delete_unexpired, "cleanFileForciblyEnable", When::kLive,
          "On a full disk delete files that have not expired."),
        S(&C::delete_files_max, "deleteFileBatchMax", When::kLive,
          "Log files deleted in one round, at most.", Between{1, 1000})};
  }
};

}  // namespace comet::store
