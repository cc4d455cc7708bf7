#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "remoting/wire/bodies/message_queue.h"
#include "sdk/src/admin_calls.h"

namespace comet::client {

using QueueOffsets = std::map<wire::MessageQueue, std::int64_t>;

struct ResetQuery {
  std::string group, topic;
  std::int64_t time_ms = -1;   // -1: to the end
  bool force = true;           // also forwards
  std::int32_t queue_id = -1;  // -1: all queues
  std::optional<std::int64_t> offset;
};
// The broker resets what it has stored and tells the clients of the group. Gives the new offsets;
// nothing when it is a broker that can only tell clients, and none is online.
StatusOr<std::optional<QueueOffsets>> ResetOffsets(AdminCalls& calls, const std::string& address,
                                                   const ResetQuery& query);

// What the broker has stored of a group.
StatusOr<std::optional<std::int64_t>> GetOffset(AdminCalls& calls, const std::string& address,
                                                const std::string& group,
                                                const wire::MessageQueue& queue);
// Does not tell clients: one that is online overwrites it. kUnavailable when the broker goes on
// with another offset: behind a reset it waits for the clients to take that over.
Status SetOffset(AdminCalls& calls, const std::string& address, const std::string& group,
                 const wire::MessageQueue& queue, std::int64_t offset);

// Offsets as the clients of the group hold them, by client; of one client when it is named.
StatusOr<std::map<std::string, QueueOffsets>> GetClientOffsets(AdminCalls& calls,
                                                               const std::string& address,
                                                               const std::string& group,
                                                               const std::string& topic,
                                                               const std::string& client_id);

}  // namespace comet::client
