#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/message_queue.h"

namespace comet::wire {

// The answer to QUERY_CONSUME_TIME_SPAN. Times are ms since 1970, -1 where there is no message;
// the texts are the same in local time, "2026-11-21#09:18:36:676".
struct ConsumeTimeSpans {
  struct Queue {
    std::int64_t consumed_ms = 0;
    std::string consumed;
    std::int64_t delay_ms = 0;
    std::int64_t max_ms = 0;
    std::string max;
    MessageQueue queue;
    std::int64_t min_ms = 0;
    std::string min;

    static constexpr auto Fields() {
      using Q = Queue;
      constexpr auto kNo = Need::kOptional;
      return Declaration{F(&Q::consumed_ms, "consumeTimeStamp", kNo, "Of the last one consumed."),
                         F(&Q::consumed, "consumeTimeStampStr", kNo, "As text."),
                         F(&Q::delay_ms, "delayTime", kNo, "Age of the next one to consume."),
                         F(&Q::max_ms, "maxTimeStamp", kNo, "Of the last message."),
                         F(&Q::max, "maxTimeStampStr", kNo, "As text."),
                         F(&Q::queue, "messageQueue", kNo, "The queue."),
                         F(&Q::min_ms, "minTimeStamp", kNo, "Of the first message."),
                         F(&Q::min, "minTimeStampStr", kNo, "As text.")};
    }
  };
  std::vector<Queue> queues;

  static constexpr auto Fields() {
    return Declaration{
        F(&ConsumeTimeSpans::queues, "consumeTimeSpanSet", Need::kOptional, "By queue.")};
  }
};

// The answer to QUERY_CORRECTION_OFFSET.
struct CorrectionOffsets {
  std::map<std::int32_t, std::int64_t> offsets;

  static constexpr auto Fields() {
    return Declaration{
        F(&CorrectionOffsets::offsets, "correctionOffsets", Need::kOptional, "By queue.")};
  }
};

// What a client answers to GET_CONSUMER_STATUS_FROM_CLIENT.
struct ClientStatus {
  std::map<MessageQueue, std::int64_t> offsets;

  static constexpr auto Fields() {
    return Declaration{
        F(&ClientStatus::offsets, "messageQueueTable", Need::kOptional, "Offsets by queue.")};
  }
};

// The answer to INVOKE_BROKER_TO_GET_CONSUMER_STATUS.
struct ConsumerStatus {
  std::map<std::string, std::map<MessageQueue, std::int64_t>> clients;

  static constexpr auto Fields() {
    return Declaration{
        F(&ConsumerStatus::clients, "consumerTable", Need::kOptional, "Offsets by client.")};
  }
};

}  // namespace comet::wire
