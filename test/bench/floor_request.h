#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace comet::bench {

// How the floor reads a request's header. The flat scanner writes its replies by hand, the
// document model through the model.
enum class HeaderMode { kBinary, kJsonScanner, kJsonDocument };

// A send request. Borrowed from the frame, or from `owned`.
struct Request {
  std::int32_t opaque = 0;
  std::string_view producer_group, topic, default_topic, properties;
  std::int32_t default_queues = 0, queue_id = 0, flag = 0, sys_flag = 0, reconsume_times = 0;
  std::int64_t born_ms = 0;
  bool unit_mode = false, batch = false;
  std::array<std::string, 2> owned;  // of the document model
};

// Trusts the peer: what is not a well-formed send request is a crash.
void ParseRequest(HeaderMode mode, std::string_view header, Request* request);

// A SEND_OK, as JSON whatever the request was.
void AppendReply(HeaderMode mode, const Request& request, std::int64_t queue_offset,
                 std::string* out);

}  // namespace comet::bench
