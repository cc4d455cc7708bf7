#pragma once

#include <cstdint>

namespace comet {

// Names one unanswered request: the loop that owns it and its place in that loop's table.
// The reply itself never leaves its loop; only this does. The generation tells a late answer
// that its place has been given to somebody else.
struct Ticket {
  static constexpr std::uint32_t kNobody = 0xffffffff;

  std::uint32_t loop = kNobody;  // kNobody: nobody waits (one-way)
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  friend bool operator==(const Ticket&, const Ticket&) = default;
};

}  // namespace comet
