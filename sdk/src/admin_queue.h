#pragma once

#include <cstdint>
#include <string>

#include "remoting/wire/bodies/consumer_status.h"
#include "remoting/wire/bodies/queue_entries.h"
#include "remoting/wire/bodies/topic_route.h"
#include "sdk/src/admin_calls.h"

namespace comet::client {

struct EntryQuery {
  std::string topic, group;  // no group: entries are compared with no subscription
  std::int32_t queue_id = 0;
  std::int64_t index = 0;
  std::int32_t count = 10;
};
// Entries of a consume queue, as they are stored.
StatusOr<wire::QueueEntries> GetQueueEntries(AdminCalls& calls, const std::string& address,
                                             const EntryQuery& query);

// Between which times the messages of each queue were stored, and where the group stands. Of all
// brokers of the route.
StatusOr<wire::ConsumeTimeSpans> GetTimeSpans(AdminCalls& calls, const wire::TopicRouteData& route,
                                              const std::string& topic, const std::string& group);

}  // namespace comet::client
