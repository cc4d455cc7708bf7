#pragma once

// Every hard limit of the product in one table. What a setting may change is the default here;
// reaching a limit is an answer or a closed connection, never growth.

#include <cstddef>
#include <cstdint>

namespace comet::limits {

// Frames and connections.
inline constexpr std::size_t kFrameBytesMax = 16U << 20;      // close the connection
inline constexpr std::size_t kOutputHighWater = 1U << 20;     // stop reading until half is written
inline constexpr std::size_t kConnectionsPerLoopMax = 20000;  // refuse to accept
inline constexpr std::size_t kUnansweredPerConnectionMax = 65536;  // stop reading

// Messages.
inline constexpr std::size_t kBodyBytesMax = 4U << 20;       // MESSAGE_ILLEGAL
inline constexpr std::size_t kPropertiesBytesMax = 32767;    // two signed bytes in the record
inline constexpr std::size_t kTopicLengthMax = 127;          // one signed byte in the record
inline constexpr std::size_t kGroupLengthMax = 120;          // leaves room for %RETRY%
inline constexpr std::size_t kClientIdLengthMax = 255;       // host@name#unit
inline constexpr std::size_t kIndexKeysPerMessageMax = 256;  // words of KEYS that are indexed

// Waiting work.
inline constexpr std::size_t kAppendQueueBytes = 64U << 20;    // SYSTEM_BUSY at once
inline constexpr std::size_t kGroupBytes = 256U << 10;         // next group
inline constexpr std::size_t kParkedPullsPerLoopMax = 100000;  // PULL_NOT_FOUND at once
inline constexpr std::size_t kHeldPullsMax = 10000;  // for their turn at the disk; SYSTEM_BUSY

// Tables.
inline constexpr std::size_t kTopicsMax = 50000;
inline constexpr std::size_t kGroupsMax = 50000;
inline constexpr std::size_t kQueuesMax = 50000;

// JSON text of a body or a file, and what it may become in memory.
inline constexpr std::size_t kJsonBytesMax = kFrameBytesMax;
inline constexpr std::size_t kJsonDepthMax = 64;
inline constexpr std::size_t kJsonNodesMax = 2U << 20;

// A decompressed REGISTER_BROKER body: 50,000 topics with attributes fit.
inline constexpr std::size_t kInflatedBytesMax = 64U << 20;

}  // namespace comet::limits
