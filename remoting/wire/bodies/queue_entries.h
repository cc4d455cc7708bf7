#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/subscription_data.h"

namespace comet::wire {

// One entry of a consume queue, as tools see it.
struct QueueEntryData {
  std::int64_t log_offset = 0;
  std::int32_t size = 0;
  std::int64_t tags_code = 0;
  bool matches = false;  // the subscription, when one was asked for

  static constexpr auto Fields() {
    using B = QueueEntryData;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::log_offset, "physicOffset", kNo, "Where the message is in the log."),
                       F(&B::size, "physicSize", kNo, "Bytes of its record."),
                       F(&B::tags_code, "tagsCode", kNo, "Java hash of its tag."),
                       F(&B::matches, "eval", kNo, "Whether the group wants it.")};
  }
};

// The answer to QUERY_CONSUME_QUEUE.
struct QueueEntries {
  std::int64_t min_index = 0, max_index = 0;
  std::vector<QueueEntryData> entries;
  std::optional<SubscriptionData> subscription;
  std::optional<std::string> filter;

  static constexpr auto Fields() {
    using B = QueueEntries;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::min_index, "minQueueIndex", kNo, "First entry there is."),
                       F(&B::max_index, "maxQueueIndex", kNo, "Next entry to be written."),
                       F(&B::entries, "queueData", kNo, "The entries."),
                       F(&B::subscription, "subscriptionData", kNo, "Of the group asked for."),
                       F(&B::filter, "filterData", kNo, "Unused here.")};
  }
};

}  // namespace comet::wire
