#pragma once

#include <cstdint>

namespace comet::wire {

// Bits of a message's sysFlag, on the wire and in the log.
namespace sys_flag {
inline constexpr std::int32_t kCompressed = 0x1;
inline constexpr std::int32_t kMultiTags = 0x2;
inline constexpr std::int32_t kTransactionMask = 0xC;
inline constexpr std::int32_t kPrepared = 0x4;
inline constexpr std::int32_t kCommit = 0x8;
inline constexpr std::int32_t kRollback = 0xC;
inline constexpr std::int32_t kBornHostV6 = 0x10;
inline constexpr std::int32_t kStoreHostV6 = 0x20;
inline constexpr std::int32_t kNeedUnwrap = 0x40;
inline constexpr std::int32_t kInnerBatch = 0x80;
inline constexpr std::int32_t kCompressionMask = 0x700;  // 0 together with kCompressed means zlib
inline constexpr std::int32_t kCompressionLz4 = 0x100;
inline constexpr std::int32_t kCompressionZstd = 0x200;
inline constexpr std::int32_t kCompressionZlib = 0x300;
}  // namespace sys_flag

// Bits of a pull request's sysFlag.
namespace pull_flag {
inline constexpr std::int32_t kCommitOffset = 1;
inline constexpr std::int32_t kSuspend = 2;
inline constexpr std::int32_t kSubscription = 4;  // the expression is in the header
inline constexpr std::int32_t kClassFilter = 8;
inline constexpr std::int32_t kLitePull = 16;
}  // namespace pull_flag

// Bits of a topic's or broker's perm.
namespace perm {
inline constexpr std::int32_t kInherit = 1;  // topics may be created from this one
inline constexpr std::int32_t kWrite = 2;
inline constexpr std::int32_t kRead = 4;
inline constexpr std::int32_t kReadWrite = kRead | kWrite;
inline constexpr std::int32_t kPriority = 8;
inline constexpr std::int32_t kAll = kPriority | kReadWrite | kInherit;

constexpr bool IsReadable(std::int32_t bits) {
  return (bits & kRead) != 0;
}
constexpr bool IsWritable(std::int32_t bits) {
  return (bits & kWrite) != 0;
}
constexpr bool IsInherited(std::int32_t bits) {
  return (bits & kInherit) != 0;
}
}  // namespace perm

// Bits of a topic's topicSysFlag.
namespace topic_flag {
inline constexpr std::int32_t kUnit = 1;
inline constexpr std::int32_t kUnitSub = 2;
}  // namespace topic_flag

}  // namespace comet::wire
