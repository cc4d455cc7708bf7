#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Reads messages of a queue from an offset on, and may wait for the next one. The body of the reply
// is their records. 361 is the same for lite pull consumers.
struct PullMessage {
  static constexpr std::string_view kName = "PULL_MESSAGE";
  static constexpr Codes kCodes = {11, 361};

  struct Header {
    std::string_view consumer_group;
    std::string_view topic;
    std::int32_t queue_id = 0;
    std::int64_t queue_offset = 0;
    std::int32_t max_messages = 32;
    std::int32_t sys_flag = 0;
    std::int64_t commit_offset = 0;
    std::int64_t suspend_timeout_ms = 0;
    std::optional<std::string_view> subscription;
    std::int64_t sub_version = 0;
    std::string_view expression_type;
    std::optional<std::int32_t> max_bytes;
    std::optional<std::int32_t> request_source;
    std::string_view proxy_client_id;
    std::string_view lite_topic;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::consumer_group, "consumerGroup", Need::kRequired, "Consumer group."),
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::queue_id, "queueId", Need::kRequired, "Queue of the topic."),
          F(&S::queue_offset, "queueOffset", Need::kRequired, "First position wanted."),
          F(&S::max_messages, "maxMsgNums", Need::kRequired, "At most so many."),
          F(&S::sys_flag, "sysFlag", Need::kRequired, "Bits of pull_flag."),
          F(&S::commit_offset, "commitOffset", Need::kRequired,
            "Offset to store for the group, if the flag says so."),
          F(&S::suspend_timeout_ms, "suspendTimeoutMillis", Need::kRequired,
            "How long to wait, if the flag says so."),
          F(&S::subscription, "subscription", Need::kOptional,
            "Filter expression, if the flag says so."),
          F(&S::sub_version, "subVersion", Need::kRequired, "Version of the subscription."),
          F(&S::expression_type, "expressionType", Need::kOptional, "TAG, or nothing, or SQL92."),
          F(&S::max_bytes, "maxMsgBytes", Need::kOptional, "Bytes the client wants at most."),
          F(&S::request_source, "requestSource", Need::kOptional,
            "-1 a client, 0..2 kinds of proxy traffic."),
          F(&S::proxy_client_id, "proxyFrowardClientId", Need::kOptional,
            "Client behind a proxy; spelled so on the wire."),
          F(&S::lite_topic, "liteTopic", Need::kOptional, "Lite topic below the topic."),
          F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.")};
    }
  };

  struct Reply {
    std::int64_t suggest_broker_id = 0;
    std::int64_t next_offset = 0;
    std::int64_t min_offset = 0;
    std::int64_t max_offset = 0;
    std::optional<std::int64_t> offset_delta;
    std::optional<std::int32_t> topic_sys_flag;
    std::optional<std::int32_t> group_sys_flag;
    std::optional<std::int32_t> forbidden_type;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::suggest_broker_id, "suggestWhichBrokerId", Need::kRequired,
            "Broker of the group to ask next time."),
          F(&S::next_offset, "nextBeginOffset", Need::kRequired, "Where to go on."),
          F(&S::min_offset, "minOffset", Need::kRequired, "First position of the queue."),
          F(&S::max_offset, "maxOffset", Need::kRequired, "Position behind the last."),
          F(&S::offset_delta, "offsetDelta", Need::kOptional, "Of static topics."),
          F(&S::topic_sys_flag, "topicSysFlag", Need::kOptional,
            "Bits of topic_flag; 4.x brokers leave it out."),
          F(&S::group_sys_flag, "groupSysFlag", Need::kOptional,
            "Flag of the group; 4.x brokers leave it out."),
          F(&S::forbidden_type, "forbiddenType", Need::kOptional,
            "With NO_PERMISSION: 1 broker, 2 group, 3 topic, 4 broadcast, 5 subscription.")};
    }
  };
};

}  // namespace comet::wire
