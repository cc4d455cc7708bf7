#pragma once

#include <comet/allocation.h>
#include <comet/push_consumer.h>

#include <string>
#include <vector>

#include "sdk/src/runtime.h"

namespace comet::client {

// This client's part of the queues of a topic.
struct Share {
  std::vector<Queue> queues;
  std::vector<Queue> all;  // of the topic
  bool listed = true;      // false: the broker does not know this client as one of the group
};

// Asks for the route and the members of the group, and applies the strategy. Waits; not on a loop.
// `topic` and `group` are the application's names.
Result<Share> ShareOut(Runtime& runtime, const std::string& group, Model model,
                       AllocationStrategy& strategy, const std::string& topic);

// As Java compares texts: by their UTF-16 code units.
bool JavaLess(std::string_view left, std::string_view right);

}  // namespace comet::client
