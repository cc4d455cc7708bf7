#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "remoting/base/limits.h"
#include "remoting/base/status.h"

namespace comet::wire {

// Names with a meaning to RocketMQ, and the rules for all others.
inline constexpr std::string_view kRetryPrefix = "%RETRY%";
inline constexpr std::string_view kDlqPrefix = "%DLQ%";
inline constexpr std::string_view kLmqPrefix = "%LMQ%";

inline constexpr std::string_view kAutoCreateTopic = "TBW102";
inline constexpr std::string_view kScheduleTopic = "SCHEDULE_TOPIC_XXXX";
inline constexpr std::string_view kBenchmarkTopic = "BenchmarkTest";
inline constexpr std::string_view kHalfTopic = "RMQ_SYS_TRANS_HALF_TOPIC";
inline constexpr std::string_view kOpHalfTopic = "RMQ_SYS_TRANS_OP_HALF_TOPIC";
inline constexpr std::string_view kTransactionCheckMaxTopic = "TRANS_CHECK_MAX_TIME_TOPIC";
inline constexpr std::string_view kSelfTestTopic = "SELF_TEST_TOPIC";
inline constexpr std::string_view kOffsetMovedTopic = "OFFSET_MOVED_EVENT";
inline constexpr std::string_view kTraceTopic = "RMQ_SYS_TRACE_TOPIC";
inline constexpr std::string_view kTimerTopic = "rmq_sys_wheel_timer";
inline constexpr std::string_view kSystemTopicPrefix = "rmq_sys_";
inline constexpr std::string_view kReplyTopicPostfix = "_REPLY_TOPIC";
inline constexpr std::string_view kOrderTopicNamespace = "ORDER_TOPIC_CONFIG";

inline constexpr std::string_view kToolsGroup = "TOOLS_CONSUMER";
inline constexpr std::string_view kSystemGroupPrefix = "CID_RMQ_SYS_";

inline bool IsRetryTopic(std::string_view topic) {
  return topic.starts_with(kRetryPrefix);
}
inline bool IsDlqTopic(std::string_view topic) {
  return topic.starts_with(kDlqPrefix);
}
std::string RetryTopicOf(std::string_view group);
std::string DlqTopicOf(std::string_view group);
// The group a retry or dead-letter topic belongs to; the text itself if it is neither.
std::string_view GroupOfTopic(std::string_view topic);

// Topics that exist on every broker; administration does not touch them.
bool IsSystemTopic(std::string_view topic);
// Topics that producers must not send to.
bool IsForbiddenToSend(std::string_view topic);
bool IsSystemGroup(std::string_view group);

// RocketMQ's rules: not blank, only the characters ^[%|a-zA-Z0-9_-]+$, and no longer than 127
// (topics) or 120 (groups). Such a name is also safe as part of a path. The message is
// RocketMQ's remark, which clients show.
Status CheckTopicName(std::string_view topic);
Status CheckGroupName(std::string_view group);
// Groups of producers have no topics, so they may be longer: as long as Java clients allow.
inline constexpr std::size_t kProducerGroupLengthMax = 255;
Status CheckProducerGroupName(std::string_view group);

// Any other identifying string of a request (client ids, keys, broker and cluster names, ...):
// not empty, at most `max_bytes`, no control characters.
Status CheckId(std::string_view what, std::string_view text,
               std::size_t max_bytes = limits::kClientIdLengthMax);

}  // namespace comet::wire
