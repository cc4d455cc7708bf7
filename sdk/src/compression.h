#pragma once

#include <comet/options.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "remoting/base/status_or.h"

namespace comet::client {

// A compressed body and the sysFlag bits that say how.
struct Compressed {
  std::string body;
  std::int32_t sys_flag = 0;
};
// `how.type` is not none. The result may be larger than the body: as with RocketMQ's clients.
StatusOr<Compressed> Compress(const Compression& how, std::string_view body);

// Undoes what a producer has done to a body, by the compression bits of its sysFlag (ZLIB, LZ4
// frames or ZSTD). A body that would grow beyond `limit` bytes is refused, so that a small
// message cannot take all memory.
StatusOr<std::string> Decompress(std::int32_t sys_flag, std::string_view body, std::size_t limit);

}  // namespace comet::client
