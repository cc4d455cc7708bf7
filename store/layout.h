#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace comet::store {

// Names below the store's root, RocketMQ's where it has them.
inline constexpr std::string_view kCheckpointName = "checkpoint";
inline constexpr std::string_view kAbortName = "abort";  // there while the store is open
inline constexpr std::string_view kLockName = "lock";
inline constexpr std::string_view kDamagedName = "damaged";
inline constexpr std::string_view kQueuesName = "consumequeue";
inline constexpr std::string_view kIndexName = "index";

// The name of the log file that begins at `base`: 20 decimal digits.
std::string SegmentName(std::int64_t base);
// Nothing when the name is not one.
std::optional<std::int64_t> SegmentBase(std::string_view name);

// Whether a queue can be filed under this name: its directory is <queues>/TOPIC/ID, so a topic that
// could lead elsewhere is refused, wherever it was read.
bool IsQueueName(std::string_view topic, std::int32_t id);

std::string PathIn(const std::string& directory, std::string_view name);

}  // namespace comet::store
