#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/message_queue.h"

namespace comet::wire {

// How far a group has come in one queue.
struct QueueProgress {
  std::int64_t broker_offset = 0;
  std::int64_t consumer_offset = 0;
  std::int64_t pull_offset = 0;
  std::int64_t last_timestamp_ms = 0;  // store time of the last message consumed

  static constexpr auto Fields() {
    using B = QueueProgress;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::broker_offset, "brokerOffset", kNo, "Next offset to be written."),
        F(&B::consumer_offset, "consumerOffset", kNo, "Next offset to be consumed."),
        F(&B::pull_offset, "pullOffset", kNo, "Next offset to be pulled."),
        F(&B::last_timestamp_ms, "lastTimestamp", kNo, "Store time of the last consumed, ms.")};
  }
};

// The answer to GET_CONSUME_STATS.
struct ConsumeStats {
  std::map<MessageQueue, QueueProgress> offsets;
  double tps = 0;

  static constexpr auto Fields() {
    using B = ConsumeStats;
    return Declaration{F(&B::offsets, "offsetTable", Need::kOptional, "Progress by queue."),
                       F(&B::tps, "consumeTps", Need::kOptional, "Messages a second.")};
  }
};

// The answer to GET_BROKER_CONSUME_STATS.
struct BrokerConsumeStats {
  std::string broker_addr;
  std::vector<std::map<std::string, std::vector<ConsumeStats>>> groups;
  std::int64_t total_diff = 0;
  std::int64_t total_inflight_diff = 0;

  static constexpr auto Fields() {
    using B = BrokerConsumeStats;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::broker_addr, "brokerAddr", kNo, "The broker."),
        F(&B::groups, "consumeStatsList", kNo, "One table for each group."),
        F(&B::total_diff, "totalDiff", kNo, "Messages not consumed."),
        F(&B::total_inflight_diff, "totalInflightDiff", kNo, "Pulled, not consumed.")};
  }
};

struct TopicOffset {
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::int64_t last_update_ms = 0;

  static constexpr auto Fields() {
    using B = TopicOffset;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::min, "minOffset", kNo, "Oldest offset."),
        F(&B::max, "maxOffset", kNo, "Next offset to be written."),
        F(&B::last_update_ms, "lastUpdateTimestamp", kNo, "Store time of the last message, ms.")};
  }
};

// The answer to GET_TOPIC_STATS_INFO.
struct TopicStatsTable {
  std::map<MessageQueue, TopicOffset> offsets;
  double put_tps = 0;  // 5.x

  static constexpr auto Fields() {
    using B = TopicStatsTable;
    return Declaration{F(&B::offsets, "offsetTable", Need::kOptional, "Bounds by queue."),
                       F(&B::put_tps, "topicPutTps", Need::kOptional, "Messages a second.")};
  }
};

struct StatsSnapshot {
  std::int64_t sum = 0;
  double tps = 0;
  double average = 0;  // of the value per event

  static constexpr auto Fields() {
    using B = StatsSnapshot;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::sum, "sum", kNo, "Total in the window."),
                       F(&B::tps, "tps", kNo, "A second."),
                       F(&B::average, "avgpt", kNo, "Mean of one event.")};
  }
};

// The answer to VIEW_BROKER_STATS_DATA.
struct BrokerStatsData {
  StatsSnapshot minute;
  StatsSnapshot hour;
  StatsSnapshot day;

  static constexpr auto Fields() {
    using B = BrokerStatsData;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&B::minute, "statsMinute", kNo, "The last minute."),
                       F(&B::hour, "statsHour", kNo, "The last hour."),
                       F(&B::day, "statsDay", kNo, "The last day.")};
  }
};

}  // namespace comet::wire
