#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace comet::client {

// What a client wrote to the trace topic about one message: that it sent it, or consumed it.
struct TraceEntry {
  enum class Kind : std::uint8_t { kSent, kConsumed };
  Kind kind = Kind::kSent;
  std::string group;
  std::int64_t time_ms = 0;
  std::int64_t cost_ms = 0;
  bool success = false;
};

// The entries about `message_id` in the body of a message of the trace topic. Records end with \2,
// their fields with \1, as Java's clients write them. What is no such record is left out: anybody
// may send to the trace topic.
std::vector<TraceEntry> ReadTrace(std::string_view body, std::string_view message_id);

}  // namespace comet::client
