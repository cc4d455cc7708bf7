#pragma once

#include <comet/message.h>

#include <cstdint>
#include <string>

#include "remoting/wire/bodies/message_queue.h"
#include "sdk/src/admin_calls.h"

namespace comet::client {

struct Resent {
  std::string status;  // SEND_OK and the like
  std::string offset_id;
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;
};
// Sends a message once more, with all its properties, its sender's id among them, to that queue.
StatusOr<Resent> SendAgain(AdminCalls& calls, const std::string& address,
                           const wire::MessageQueue& queue, const MessageView& message,
                           std::int64_t now_ms);

}  // namespace comet::client
