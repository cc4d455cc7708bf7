#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "sdk/src/admin_offset.h"

namespace comet::cli {

// Where a group shall stand in a topic.
struct ResetOrder {
  client::ResetQuery query;
  std::string cluster;  // whose route is used when the topic has none
};

// A queue that was set without its clients being told, because none is online.
struct Rollback {
  wire::MessageQueue queue;
  std::int64_t broker_offset = 0, consumer_offset = 0, timestamp_offset = 0, reset_offset = 0;
};

// What has been done.
struct ResetResult {
  client::QueueOffsets told;  // by brokers that reset and tell clients
  std::vector<Rollback> rollbacks;
};

// One step for each broker of the topic, with the queues' old and new offsets. What the steps do is
// added to `result`, which must outlive them. With `offline_only` clients are not told.
StatusOr<std::vector<Step>> ResetSteps(Context& context, const ResetOrder& order, bool offline_only,
                                       ResetResult* result);

// Tables of both. The last header of the rollbacks is #resetOffset or #rollbackOffset.
void Print(Context& context, const ResetResult& result, bool rollback_head);

// "now", ms since 1970 or yyyy-MM-dd#HH:mm:ss:SSS; kInvalid for anything else.
StatusOr<std::int64_t> ParseResetTime(std::string_view text, std::int64_t now_ms);

}  // namespace comet::cli
