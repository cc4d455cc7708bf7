#include <comet/message.h>

#include <algorithm>
#include <array>

#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/record.h"
#include "remoting/wire/send_limits.h"

namespace comet {
namespace {

// What the protocol, not the application, writes; property() refuses these.
constexpr std::array kReservedNames{wire::property::kUniqueKey,
                                    wire::property::kWait,
                                    wire::property::kDelay,
                                    wire::property::kRealTopic,
                                    wire::property::kRealQueueId,
                                    wire::property::kRetryTopic,
                                    wire::property::kTransaction,
                                    wire::property::kProducerGroup,
                                    wire::property::kCrc32,
                                    wire::property::kInnerNum,
                                    wire::property::kInnerBase,
                                    wire::property::kMultiDispatch,
                                    wire::property::kPopCk,
                                    wire::property::kTags,
                                    wire::property::kKeys,
                                    wire::property::kShardingKey,
                                    wire::property::kOriginMessageId,
                                    wire::property::kReconsumeTime,
                                    wire::property::kMaxReconsumeTimes,
                                    wire::property::kDlqOriginTopic,
                                    wire::property::kDlqOriginMessageId,
                                    wire::property::kTransactionId,
                                    wire::property::kRegion,
                                    wire::property::kTraceOn,
                                    wire::property::kCluster,
                                    wire::property::kInstanceId,
                                    wire::property::kMinOffset,
                                    wire::property::kMaxOffset,
                                    wire::property::kMessageType};

Error Invalid(std::string text) {
  return {Errc::invalid_argument, std::move(text)};
}

}  // namespace

void Message::set(std::string_view name, std::string value) {
  for (auto& [known, old] : properties_) {
    if (known == name) {
      old = std::move(value);
      return;
    }
  }
  properties_.emplace_back(name, std::move(value));
}

Message& Message::tag(std::string tag) {
  set(wire::property::kTags, std::move(tag));
  return *this;
}

Message& Message::key(std::string_view key) {
  const std::string_view before = keys();
  set(wire::property::kKeys, before.empty() ? std::string(key) : Concat(before, " ", key));
  return *this;
}

Message& Message::property(std::string name, std::string value) {
  if (std::find(kReservedNames.begin(), kReservedNames.end(), name) != kReservedNames.end()) {
    reserved_name_ = true;
  }
  set(name, std::move(value));
  return *this;
}

Message& Message::ordering_key(std::string key) {
  set(wire::property::kShardingKey, std::move(key));
  return *this;
}

Message& Message::delay_level(int level) {
  delay_level_ = level;
  return *this;
}

Message& Message::wait_stored(bool wait) {
  wait_stored_ = wait;
  return *this;
}

Message& Message::flag(int flag) {
  flag_ = flag;
  return *this;
}

std::optional<std::string_view> Message::property(std::string_view name) const {
  for (const auto& [known, value] : properties_) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string_view Message::tag() const {
  return property(wire::property::kTags).value_or("");
}

std::string_view Message::keys() const {
  return property(wire::property::kKeys).value_or("");
}

std::string_view Message::ordering_key() const {
  return property(wire::property::kShardingKey).value_or("");
}

Result<void> Message::validate(std::size_t max_body_bytes) const {
  if (const Status name = wire::CheckTopicName(topic_); !name.ok()) return Invalid(name.message());
  if (wire::IsForbiddenToSend(topic_)) {
    return Error(Errc::forbidden, wire::ForbiddenTopicText(topic_));
  }
  if (const Status size =
          wire::CheckMessageSize(body_.size(), 0, static_cast<std::int64_t>(max_body_bytes));
      !size.ok()) {
    if (body_.empty()) return Invalid(size.message());
    return Error(Errc::message_too_large,
                 Concat(size.message(), " This body has ", body_.size(), " bytes."));
  }
  if (reserved_name_) return Invalid("a property has a name that the protocol keeps for itself");
  if (delay_level_ < 0) return Invalid(Concat("delay level ", delay_level_, " is negative"));
  std::size_t bytes = 0;
  for (const auto& [name, value] : properties_) {
    if (!wire::IsLegalProperty(name, value)) {
      return Invalid(Concat("property '", name,
                            "' has an empty name or value, or one of the characters 0x01 and "
                            "0x02"));
    }
    bytes += name.size() + value.size() + 2;
  }
  constexpr std::size_t kReservedBytes = 512;  // unique key, wait, delay and what brokers add
  constexpr std::size_t kLimit = wire::kMaxPropertyBytes - kReservedBytes;
  if (bytes > kLimit) {
    return Error(Errc::message_too_large,
                 Concat(wire::kPropertiesTooLong, "; they have ", bytes, ", and ", kReservedBytes,
                        " are kept for those of the protocol"));
  }
  return {};
}

std::string Queue::to_string() const {
  return Concat(topic, "@", broker, ":", id);
}

std::string_view to_string(SendStatus status) {
  switch (status) {
    case SendStatus::ok:
      return "SEND_OK";
    case SendStatus::flush_disk_timeout:
      return "FLUSH_DISK_TIMEOUT";
    case SendStatus::flush_slave_timeout:
      return "FLUSH_SLAVE_TIMEOUT";
    case SendStatus::slave_not_available:
      return "SLAVE_NOT_AVAILABLE";
  }
  return "UNKNOWN";
}

}  // namespace comet

std::size_t std::hash<comet::Queue>::operator()(const comet::Queue& queue) const noexcept {
  const std::hash<std::string> text;
  return (text(queue.topic) * 31 + text(queue.broker)) * 31 + static_cast<std::size_t>(queue.id);
}
