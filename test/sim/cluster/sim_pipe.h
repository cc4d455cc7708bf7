#pragma once

#include <deque>
#include <string>

#include "remoting/base/bytes.h"
#include "remoting/base/clock.h"
#include "remoting/base/random.h"

namespace comet::sim {

// One direction of a connection: bytes come late, in order, in pieces of any size.
class SimPipe {
 public:
  void Send(Slice bytes, MonoTime arrival) {
    if (!parts_.empty()) arrival = std::max(arrival, parts_.back().arrival);
    parts_.push_back({arrival, std::string(bytes)});
    bytes_ += bytes.size();
  }

  // A piece of what has arrived.
  std::string Receive(MonoTime now, Random& random) {
    std::string piece;
    while (!parts_.empty() && parts_.front().arrival <= now) {
      Part& part = parts_.front();
      const auto whole = static_cast<std::uint32_t>(part.bytes.size());
      const std::size_t taken = random.Below(3) == 0 ? random.Below(whole) : whole;
      piece.append(part.bytes, 0, taken);
      bytes_ -= taken;
      part.bytes.erase(0, taken);
      if (!part.bytes.empty()) break;
      parts_.pop_front();
    }
    return piece;
  }

  std::size_t bytes() const { return bytes_; }  // under way
  void Clear() {
    parts_.clear();
    bytes_ = 0;
  }

 private:
  struct Part {
    MonoTime arrival;
    std::string bytes;
  };
  std::deque<Part> parts_;
  std::size_t bytes_ = 0;
};

}  // namespace comet::sim
