#pragma once

#include <comet/message.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "remoting/wire/bodies/message_queue.h"
#include "remoting/wire/bodies/topic_route.h"
#include "sdk/src/admin_calls.h"

namespace comet::client {

// A message with what only tools want to know of its record.
struct StoredMessage {
  MessageView view;
  std::uint32_t record_bytes = 0;
  std::int64_t prepared_offset = 0;
};

// The message at the place that an offset id names: its broker is asked, wherever it is.
StatusOr<StoredMessage> GetMessageByOffsetId(AdminCalls& calls, const std::string& topic,
                                             const std::string& offset_id);

struct KeyQuery {
  std::string topic, key;
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
  std::int32_t max = 64;    // of each broker
  bool unique_key = false;  // the key is a sender's message id
  std::string index_type;   // K or T; empty asks as 5.3 does
  std::string last_key;
};
// Of all brokers of the route. Messages that only share the hash of the key are left out.
StatusOr<std::vector<StoredMessage>> GetMessagesByKey(AdminCalls& calls,
                                                      const wire::TopicRouteData& route,
                                                      const KeyQuery& query);

// By an id of either kind.
StatusOr<StoredMessage> GetMessageById(AdminCalls& calls, const wire::TopicRouteData& route,
                                       const std::string& topic, const std::string& id);

enum class PullState { kFound, kNoNewMessage, kNoMatchedMessage, kOffsetIllegal };
// "NO_NEW_MSG", as Java's tools print it.
std::string_view PullStateName(PullState state);

struct PulledMessages {
  PullState state = PullState::kFound;
  std::int64_t next_offset = 0;
  std::vector<StoredMessage> messages;
};
// Reads without a consumer and without waiting for new messages. `tags` is an expression such as
// "TagA || TagB"; "*" takes all.
StatusOr<PulledMessages> PullFrom(AdminCalls& calls, const std::string& address,
                                  const wire::MessageQueue& queue, std::int64_t offset,
                                  std::int32_t max, const std::string& group,
                                  const std::string& tags = "*");

StatusOr<std::int64_t> GetQueueMin(AdminCalls& calls, const std::string& address,
                                   const wire::MessageQueue& queue);
StatusOr<std::int64_t> GetQueueMax(AdminCalls& calls, const std::string& address,
                                   const wire::MessageQueue& queue);
StatusOr<std::int64_t> GetQueueAt(AdminCalls& calls, const std::string& address,
                                  const wire::MessageQueue& queue, std::int64_t time_ms);

// What a group has done with a message, in the words of Java's tools: CONSUMED,
// CONSUMED_BUT_FILTERED, PULL, NOT_CONSUME_YET, NOT_ONLINE, CONSUME_BROADCASTING, UNKNOWN.
struct MessageTrack {
  std::string group;
  std::string type;
  std::optional<std::string> trouble;  // why it is not known
};
StatusOr<std::vector<MessageTrack>> TrackMessage(AdminCalls& calls, const MessageView& message);

}  // namespace comet::client
