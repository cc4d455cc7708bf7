#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "remoting/base/limits.h"

namespace comet::wire {

// One record of the commit log, which is also what pull, query and view bodies are made of:
// big-endian fields in this order. Widths are those of version 1 with IPv4 hosts; each IPv6 host
// is 12 bytes longer, and version 2 has two bytes of topic length.
struct RecordField {
  std::string_view name;
  std::size_t width;  // 0: variable, preceded by its length
};

inline constexpr std::array kRecordFields{
    RecordField{"totalSize", 4},      RecordField{"magic", 4},
    RecordField{"bodyCrc", 4},        RecordField{"queueId", 4},
    RecordField{"flag", 4},           RecordField{"queueOffset", 8},
    RecordField{"logOffset", 8},      RecordField{"sysFlag", 4},
    RecordField{"bornTime", 8},       RecordField{"bornHost", 8},
    RecordField{"storeTime", 8},      RecordField{"storeHost", 8},
    RecordField{"reconsumeTimes", 4}, RecordField{"preparedOffset", 8},
    RecordField{"bodyLength", 4},     RecordField{"body", 0},
    RecordField{"topicLength", 1},    RecordField{"topic", 0},
    RecordField{"propertyLength", 2}, RecordField{"properties", 0}};

consteval std::size_t OffsetOf(std::string_view name) {
  std::size_t at = 0;
  for (const auto& field : kRecordFields) {
    if (field.name == name) return at;
    at += field.width;
  }
  throw "no such field";  // a compile-time error
}

static_assert(OffsetOf("queueOffset") == 20);  // the three fields the appender patches
static_assert(OffsetOf("logOffset") == 28);    // and recovery compares with the position
static_assert(OffsetOf("storeTime") == 56);    // 68 after an IPv6 born host
static_assert(OffsetOf("body") == 88);

inline constexpr std::uint32_t kMagicV1 = 0xdaa320a7, kMagicV2 = 0xdaa320ab;
inline constexpr std::uint32_t kMagicBlank = 0xcbd43194;  // fills the rest of a file

inline constexpr std::size_t kMinRecordBytes = 91;  // version 1, IPv4, all texts empty
inline constexpr std::size_t kBlankBytes = 8;       // of a blank record, reserved at a file's end
inline constexpr std::size_t kV6ExtraBytes = 12;
inline constexpr std::size_t kMaxTopicBytesV1 = limits::kTopicLengthMax;
inline constexpr std::size_t kMaxTopicBytesV2 = 32767;
inline constexpr std::size_t kMaxPropertyBytes = limits::kPropertiesBytesMax;

// An address and port as records and message ids have it.
struct Host {
  std::array<std::uint8_t, 16> ip{};  // the first four bytes for IPv4
  bool v6 = false;
  std::uint16_t port = 0;

  static constexpr Host V4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d,
                           std::uint16_t port) {
    return {{a, b, c, d}, false, port};
  }
  constexpr std::size_t ip_bytes() const { return v6 ? 16 : 4; }
  constexpr std::size_t record_bytes() const { return ip_bytes() + 4; }
  friend bool operator==(const Host&, const Host&) = default;
};

}  // namespace comet::wire
