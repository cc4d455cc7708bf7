#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/data_version.h"
#include "remoting/wire/bodies/message_queue.h"

namespace comet::wire {

// All consumer offsets of a broker: the answer to GET_ALL_CONSUMER_OFFSET and the file
// consumerOffset.json.
struct ConsumerOffsetTable {
  std::optional<DataVersion> data_version;                                   // 5.x
  std::map<std::string, std::map<std::int32_t, std::int64_t>> offsets;       // topic@group -> queue
  std::optional<std::map<std::string, std::set<std::string>>> group_topics;  // 5.x, derived

  static constexpr auto Fields() {
    using B = ConsumerOffsetTable;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::data_version, "dataVersion", kNo, "Changes with the offsets."),
        F(&B::offsets, "offsetTable", kNo, "Offsets by topic@group and queue."),
        F(&B::group_topics, "groupTopicMap", kNo, "Topics of each group; repeats the keys.")};
  }
};

// Progress of the delay levels: the answer to GET_ALL_DELAY_OFFSET and the file delayOffset.json.
struct DelayOffsetTable {
  std::optional<DataVersion> data_version;       // 5.x
  std::map<std::int32_t, std::int64_t> offsets;  // level -> offset

  static constexpr auto Fields() {
    using B = DelayOffsetTable;
    return Declaration{F(&B::data_version, "dataVersion", Need::kOptional, "Changes with them."),
                       F(&B::offsets, "offsetTable", Need::kOptional, "Offsets by level.")};
  }
};

// Where consumers are told to go: body of RESET_CONSUMER_CLIENT_OFFSET, answer to
// INVOKE_BROKER_TO_RESET_OFFSET.
struct ResetOffsetBody {
  std::map<MessageQueue, std::int64_t> offsets;

  static constexpr auto Fields() {
    return Declaration{
        F(&ResetOffsetBody::offsets, "offsetTable", Need::kOptional, "New offsets by queue.")};
  }
};

// The same as C++ clients read it.
struct ResetOffsetList {
  struct Queue {
    std::string topic, broker_name;
    std::int32_t queue_id = 0;
    std::int64_t offset = 0;

    static constexpr auto Fields() {
      return Declaration{F(&Queue::topic, "topic", Need::kOptional, "Topic."),
                         F(&Queue::broker_name, "brokerName", Need::kOptional, "Broker group."),
                         F(&Queue::queue_id, "queueId", Need::kOptional, "Queue."),
                         F(&Queue::offset, "offset", Need::kOptional, "New offset.")};
    }
  };
  std::vector<Queue> offsets;

  static constexpr auto Fields() {
    return Declaration{
        F(&ResetOffsetList::offsets, "offsetTable", Need::kOptional, "New offsets by queue.")};
  }
};

}  // namespace comet::wire
