#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "console/cli/command.h"
#include "remoting/wire/bodies/message_queue.h"
#include "remoting/wire/bodies/topic_route.h"
#include "sdk/src/admin_message.h"

namespace comet::cli {

// A queue to read, and the address of its broker.
struct Source {
  wire::MessageQueue queue;
  std::string address;
};

// Queues of the route that can be read; of one broker when it is named, one of them when its
// number is given. kNotFound when there is none.
StatusOr<std::vector<Source>> Sources(const wire::TopicRouteData& route, const std::string& topic,
                                      const std::string& broker,
                                      std::optional<std::int32_t> queue_id);

// Positions from `begin` up to, not including, `end`.
struct Range {
  std::int64_t begin = 0, end = 0;
};
// All of the queue, narrowed by the options beginTimestamp and endTimestamp.
StatusOr<Range> RangeOf(Context& context, const Source& source, const Arguments& arguments);

// Pulls the range; `each` is given every answer. Ends early when there is nothing to go on with.
Status PullRange(Context& context, const Source& source, const Range& range,
                 const std::string& tags,
                 const std::function<void(const client::PulledMessages&)>& each);

}  // namespace comet::cli
