#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace comet::net {

// Names one connection of a LoopGroup. A value: it may be kept, copied and compared long after
// the peer is gone, because a place that is used again gets another generation.
struct ConnectionId {
  static constexpr std::uint32_t kNone = 0xffffffff;

  std::uint32_t loop = kNone;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  explicit operator bool() const { return loop != kNone; }
  friend bool operator==(const ConnectionId&, const ConnectionId&) = default;
};

}  // namespace comet::net

template <>
struct std::hash<comet::net::ConnectionId> {
  std::size_t operator()(const comet::net::ConnectionId& id) const noexcept {
    const auto place = std::uint64_t{id.generation} << 32 | id.slot;
    return std::hash<std::uint64_t>()(place * 0x9e3779b97f4a7c15ULL + id.loop);
  }
};
