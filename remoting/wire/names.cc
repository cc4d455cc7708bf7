#include "remoting/wire/names.h"

#include <algorithm>
#include <array>

#include "remoting/base/text.h"

namespace comet::wire {
namespace {

constexpr std::array<std::string_view, 12> kSystemTopics = {
    kAutoCreateTopic,
    kScheduleTopic,
    kBenchmarkTopic,
    kHalfTopic,
    kOpHalfTopic,
    kTransactionCheckMaxTopic,
    kSelfTestTopic,
    kOffsetMovedTopic,
    kTraceTopic,
    kTimerTopic,
    "RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC",
    "RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC",
};

constexpr std::array<std::string_view, 6> kForbiddenTopics = {
    kScheduleTopic, kHalfTopic,        kOpHalfTopic, kTransactionCheckMaxTopic,
    kSelfTestTopic, kOffsetMovedTopic,
};

// By character. Every send has two names checked.
constexpr std::array<bool, 256> kNameChars = [] {
  std::array<bool, 256> legal{};
  for (unsigned c = 0; c < legal.size(); ++c) {
    legal[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '%' || c == '|' || c == '_' || c == '-';
  }
  return legal;
}();

bool IsNameChar(char c) {
  return kNameChars[static_cast<unsigned char>(c)];
}

bool IsBlank(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}

bool IsLegalName(std::string_view name) {
  return std::ranges::all_of(name, IsNameChar);
}

constexpr std::string_view kNamePattern = "allowing only ^[%|a-zA-Z0-9_-]+$";

Status CheckGroup(std::string_view group, std::size_t length_max) {
  if (IsBlank(group)) return {Status::Code::kInvalid, "The specified group is blank."};
  if (!IsLegalName(group)) {
    return {Status::Code::kInvalid,
            Concat("The specified group contains illegal characters, ", kNamePattern)};
  }
  if (group.size() > length_max) {
    return {Status::Code::kInvalid,
            Concat("The specified group is longer than group max length: ", length_max)};
  }
  return {};
}

}  // namespace

std::string RetryTopicOf(std::string_view group) {
  return Concat(kRetryPrefix, group);
}

std::string DlqTopicOf(std::string_view group) {
  return Concat(kDlqPrefix, group);
}

std::string_view GroupOfTopic(std::string_view topic) {
  if (IsRetryTopic(topic)) return topic.substr(kRetryPrefix.size());
  if (IsDlqTopic(topic)) return topic.substr(kDlqPrefix.size());
  return topic;
}

bool IsSystemTopic(std::string_view topic) {
  return std::ranges::find(kSystemTopics, topic) != kSystemTopics.end() ||
         topic.starts_with(kSystemTopicPrefix);
}

bool IsForbiddenToSend(std::string_view topic) {
  return std::ranges::find(kForbiddenTopics, topic) != kForbiddenTopics.end();
}

bool IsSystemGroup(std::string_view group) {
  return group == kToolsGroup || group.starts_with(kSystemGroupPrefix);
}

Status CheckTopicName(std::string_view topic) {
  if (IsBlank(topic)) return {Status::Code::kInvalid, "The specified topic is blank."};
  if (!IsLegalName(topic)) {
    return {Status::Code::kInvalid,
            Concat("The specified topic contains illegal characters, ", kNamePattern)};
  }
  if (topic.size() > limits::kTopicLengthMax) {
    return {Status::Code::kInvalid, "The specified topic is longer than topic max length."};
  }
  return {};
}

Status CheckGroupName(std::string_view group) {
  return CheckGroup(group, limits::kGroupLengthMax);
}

Status CheckProducerGroupName(std::string_view group) {
  return CheckGroup(group, kProducerGroupLengthMax);
}

Status CheckId(std::string_view what, std::string_view text, std::size_t max_bytes) {
  if (text.empty()) return {Status::Code::kInvalid, Concat("The ", what, " is blank.")};
  if (text.size() > max_bytes) {
    return {Status::Code::kInvalid, Concat("The ", what, " is longer than ", max_bytes, " bytes.")};
  }
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  };
  if (std::ranges::any_of(text, is_control)) {
    return {Status::Code::kInvalid, Concat("The ", what, " contains a control character.")};
  }
  return {};
}

}  // namespace comet::wire
