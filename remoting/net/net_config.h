#pragma once

#include <cstddef>
#include <cstdint>

#include "remoting/base/limits.h"

namespace comet::net {

// The network's own settings, shared by all connections of a LoopGroup. Byte counts are per
// connection unless the name says otherwise.
struct NetConfig {
  // A larger one closes the connection.
  std::int64_t max_frame_bytes = limits::kFrameBytesMax;
  // With so much output waiting nothing more is read, until half of it is written.
  std::int64_t output_high_water = limits::kOutputHighWater;
  std::int64_t output_limit_bytes = 64 << 20;  // of our memory: close the connection
  // With so many requests unanswered nothing more is read, until half of them are answered.
  std::int64_t unanswered_max = limits::kUnansweredPerConnectionMax;
  std::int64_t loop_memory_bytes = 256 << 20;  // waiting output and half-read frames of one loop
  std::int32_t connections_per_loop_max = limits::kConnectionsPerLoopMax;
  std::int32_t idle_close_s = 120;      // no byte in either direction
  std::int32_t frame_timeout_s = 30;    // to complete a frame, and a second more for 64 KiB of it
  std::int32_t output_timeout_s = 300;  // a peer that never takes all we have for it
  std::int32_t listen_backlog = 1024;
};

}  // namespace comet::net
