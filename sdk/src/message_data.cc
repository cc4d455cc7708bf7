#include "sdk/src/message_data.h"

#include <arpa/inet.h>

#include <utility>

#include "remoting/base/bytes.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/names.h"
#include "remoting/wire/properties.h"
#include "sdk/src/compression.h"

namespace comet {
namespace {

constexpr std::size_t kMaxBodyBytes = std::size_t{64} << 20;

std::chrono::system_clock::time_point TimeOf(std::int64_t ms) {
  return std::chrono::system_clock::time_point(std::chrono::milliseconds(ms));
}

std::string HostText(const wire::Host& host) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(host.v6 ? AF_INET6 : AF_INET, host.ip.data(), text, sizeof(text));
  return host.v6 ? Concat("[", std::string_view(text), "]:", host.port)
                 : Concat(std::string_view(text), ":", host.port);
}

// How many records there are if they are what they claim, which reading them checks.
std::size_t CountRecords(std::string_view bytes) {
  constexpr std::size_t kLeastBytes = 80;  // less cannot be a record
  std::size_t count = 0;
  while (bytes.size() >= kLeastBytes) {
    const auto size = static_cast<std::uint32_t>(GetI32(bytes.data()));
    if (size < kLeastBytes || size > bytes.size()) break;
    bytes.remove_prefix(size);
    ++count;
  }
  return count;
}

}  // namespace

std::string_view MessageView::topic() const {
  return data_->topic;
}

std::string_view MessageView::body() const {
  const bool compressed = (data_->record.sys_flag & wire::sys_flag::kCompressed) != 0;
  return compressed ? std::string_view(data_->decompressed) : data_->record.body;
}

std::optional<std::string_view> MessageView::property(std::string_view name) const {
  return wire::FindProperty(data_->record.properties, name);
}

std::string_view MessageView::tag() const {
  return property(wire::property::kTags).value_or("");
}

std::string_view MessageView::keys() const {
  return property(wire::property::kKeys).value_or("");
}

std::string MessageView::id() const {
  const auto unique = property(wire::property::kUniqueKey);
  return unique ? std::string(*unique) : offset_id();
}

std::string MessageView::offset_id() const {
  return wire::FormatMessageId(data_->record.store_host, data_->record.log_offset);
}

std::map<std::string, std::string> MessageView::properties() const {
  std::map<std::string, std::string> all;
  wire::PropertyIterator it(data_->record.properties);
  while (const auto property = it.Next()) {
    all[std::string(property->name)] = std::string(property->value);
  }
  return all;
}

Queue MessageView::queue() const {
  const bool again = wire::IsRetryTopic(data_->record.topic);  // then the queue is another topic's
  return {std::string(again ? data_->record.topic : data_->topic), data_->batch->broker,
          data_->record.queue_id};
}

std::int64_t MessageView::queue_offset() const {
  return data_->record.queue_offset;
}
std::int64_t MessageView::commit_log_offset() const {
  return data_->record.log_offset;
}
int MessageView::retry_count() const {
  return data_->record.reconsume_times;
}
int MessageView::flag() const {
  return data_->record.flag;
}
int MessageView::sys_flag() const {
  return data_->record.sys_flag;
}
std::uint32_t MessageView::body_crc() const {
  return data_->record.body_crc;
}
std::string MessageView::born_host() const {
  return HostText(data_->record.born_host);
}
std::string MessageView::store_host() const {
  return HostText(data_->record.store_host);
}

std::chrono::system_clock::time_point MessageView::born_time() const {
  return TimeOf(data_->record.born_ms);
}

std::chrono::system_clock::time_point MessageView::store_time() const {
  return TimeOf(data_->record.store_ms);
}

namespace client {

StatusOr<std::shared_ptr<MessageBatch>> ReadBatch(std::string body, const std::string& broker) {
  auto batch = std::make_shared<MessageBatch>();
  batch->bytes = std::move(body);
  batch->broker = broker;
  std::string_view rest = batch->bytes;
  batch->messages.reserve(CountRecords(rest));
  while (!rest.empty()) {
    auto read = wire::ReadRecord(rest, {.body_crc = true, .log_offset = {}});
    const std::string_view damage = read.reason;
    if (read.state == wire::RecordState::kDamaged) read = wire::ReadRecord(rest);  // but its body
    if (read.state != wire::RecordState::kRecord) {
      return Status(Status::Code::kCorruption,
                    Concat("message ", batch->messages.size(), " of the answer: ",
                           read.reason.empty() ? "it is cut off" : read.reason));
    }
    if (read.record.queue_offset < 0) {
      return Status(Status::Code::kCorruption, Concat("message ", batch->messages.size(),
                                                      " of the answer: negative queue offset"));
    }
    MessageView::Data& data = batch->messages.emplace_back();
    data.record = read.record;
    data.topic = read.record.topic;
    data.batch = batch.get();
    data.unreadable = damage;
    if (damage.empty() && (read.record.sys_flag & wire::sys_flag::kCompressed) != 0) {
      auto plain = Decompress(read.record.sys_flag, read.record.body, kMaxBodyBytes);
      if (plain.ok()) {
        data.decompressed = plain.Take();
      } else {
        data.unreadable = plain.error().message();
      }
    }
    rest.remove_prefix(read.record.bytes);
  }
  return batch;
}

void ShowTopics(MessageBatch* batch, std::string_view name_space) {
  const std::size_t prefix = name_space.empty() ? 0 : name_space.size() + 1;
  for (MessageView::Data& message : batch->messages) {
    if (wire::IsRetryTopic(message.topic)) {
      const auto original =
          wire::FindProperty(message.record.properties, wire::property::kRetryTopic);
      if (original) message.topic = *original;
    }
    if (prefix > 0 && message.topic.starts_with(name_space) && message.topic.size() > prefix &&
        message.topic[prefix - 1] == '%') {
      message.topic.remove_prefix(prefix);
    }
  }
}

std::string Complaint(const MessageView::Data& message) {
  return Concat("the message at offset ", message.record.queue_offset, " of queue ",
                message.record.queue_id, " of ", message.topic, " at ", message.batch->broker,
                " cannot be read: ", message.unreadable);
}

StatusOr<std::vector<MessageView>> ReadMessages(std::string body, const std::string& broker) {
  COMET_ASSIGN(const std::shared_ptr<const MessageBatch> batch, ReadBatch(std::move(body), broker));
  std::vector<MessageView> messages;
  messages.reserve(batch->messages.size());
  for (std::size_t i = 0; i < batch->messages.size(); ++i) {
    const MessageView::Data& message = batch->messages[i];
    if (!message.unreadable.empty()) return Status(Status::Code::kCorruption, Complaint(message));
    messages.push_back(ViewOf(batch, i));
  }
  return messages;
}

}  // namespace client
}  // namespace comet
