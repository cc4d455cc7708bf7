#pragma once

#include <comet/message.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sdk/src/runtime.h"

namespace comet::client {

// Ordered consumers own their queues only as long as the broker says so. All queues of a call
// belong to one broker and one topic.

// How long a grant is trusted; the broker keeps it for twice as long.
inline constexpr Duration kLockLife = std::chrono::seconds(30);
inline constexpr Duration kLockRenewal = std::chrono::seconds(20);

// `done` gets the queues that are this client's now; once, on a loop or at once.
void LockQueues(const std::shared_ptr<Runtime>& runtime, const std::string& wire_group,
                const std::vector<Queue>& queues,
                std::function<void(Result<std::set<Queue>>)> done);
void UnlockQueues(const std::shared_ptr<Runtime>& runtime, const std::string& wire_group,
                  const std::vector<Queue>& queues, std::function<void()> done = nullptr);

}  // namespace comet::client
