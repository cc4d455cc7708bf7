#pragma once

#include <chrono>
#include <cstdint>

namespace comet {

// Where to go on reading a queue. A value.
struct Position {
  enum class Kind { offset, begin, end, time };
  Kind kind = Kind::end;
  std::int64_t offset = 0;
  std::chrono::system_clock::time_point time;

  static Position at(std::int64_t offset) { return {Kind::offset, offset, {}}; }
  static Position begin() { return {Kind::begin, 0, {}}; }
  static Position end() { return {Kind::end, 0, {}}; }
  // The first message that was stored then or later.
  static Position at_time(std::chrono::system_clock::time_point time) {
    return {Kind::time, 0, time};
  }
};

}  // namespace comet
