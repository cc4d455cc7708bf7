#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "remoting/base/bytes.h"
#include "remoting/base/status_or.h"

namespace comet::wire {

// The replication stream of RocketMQ's classic HA service: plain TCP, big-endian, no handshake, no
// checksum, no error frame. A replica reports what it has (8 bytes, the end of its log), the master
// answers with pieces of its log's files, header first. A frame has nothing to do with records: it
// may begin and end in the middle of one.
inline constexpr std::size_t kHaHeaderBytes = 12;
inline constexpr std::size_t kHaReportBytes = 8;
// Apache's replica reads into 4 MiB and never completes a frame that is larger.
inline constexpr std::size_t kHaBodyBytesMax = (std::size_t{4} << 20) - kHaHeaderBytes;
// No log gets there: what is added to an offset does not overflow.
inline constexpr std::int64_t kHaOffsetMax = std::int64_t{1} << 62;

struct HaHeader {
  std::int64_t offset = 0;  // log offset of the first byte that follows
  std::int32_t bytes = 0;   // that follow; 0: a heartbeat

  friend bool operator==(const HaHeader&, const HaHeader&) = default;
};

struct HaFrame {
  HaHeader header;
  Slice body;
};

void EncodeHaHeader(HaHeader header, char* to);
HaHeader DecodeHaHeader(const char* from);
void EncodeHaReport(std::int64_t offset, char* to);
std::int64_t DecodeHaReport(const char* from);

// Takes the first frame off `bytes`; nothing while it is not whole. kCorruption for an offset or a
// size that no frame has: nothing behind it means anything.
StatusOr<std::optional<HaFrame>> TakeHaFrame(Slice* bytes);

// Takes all whole reports off `bytes`; the last of them is the one that counts.
std::optional<std::int64_t> TakeHaReports(Slice* bytes);

}  // namespace comet::wire
