#pragma once

#include <comet/result.h>

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comet {

// One queue of a topic on one broker.
struct COMET_API Queue {
  std::string topic;
  std::string broker;  // the broker's name, not its address
  int id = 0;

  auto operator<=>(const Queue&) const = default;
  std::string to_string() const;  // "orders@broker-a:3"
};

// A message to be sent. A value: build it, then move it into send().
class COMET_API Message {
 public:
  Message(std::string topic, std::string body) : topic_(std::move(topic)), body_(std::move(body)) {}

  // One tag, by which consumers filter.
  Message& tag(std::string tag);
  // Adds a key by which the message can be found; no blanks inside.
  Message& key(std::string_view key);
  // A property of your own. Names that the protocol uses are refused by validate().
  Message& property(std::string name, std::string value);
  // Messages with the same ordering key go to the same queue.
  Message& ordering_key(std::string key);
  // Delivered later: 1 to the broker's number of levels (18 by default, 1 s to 2 h).
  Message& delay_level(int level);
  // False: the broker answers before the message is on disk or on a slave, whatever its settings.
  Message& wait_stored(bool wait);
  // An integer that travels with the message and means nothing to the broker.
  Message& flag(int flag);

  const std::string& topic() const { return topic_; }
  const std::string& body() const { return body_; }
  std::string release_body() && { return std::move(body_); }
  std::string_view tag() const;
  std::string_view keys() const;  // separated by one blank
  std::string_view ordering_key() const;
  int delay_level() const { return delay_level_; }
  bool wait_stored() const { return wait_stored_; }
  int flag() const { return flag_; }
  std::optional<std::string_view> property(std::string_view name) const;
  // All properties, those set through tag(), key() and so on included, in the order set.
  const std::vector<std::pair<std::string, std::string>>& properties() const { return properties_; }

  // Checks topic, body and properties against the protocol's limits.
  Result<void> validate(std::size_t max_body_bytes = std::size_t{4} << 20) const;

 private:
  void set(std::string_view name, std::string value);

  std::string topic_, body_;
  std::vector<std::pair<std::string, std::string>> properties_;
  int delay_level_ = 0;
  int flag_ = 0;
  bool wait_stored_ = true;
  bool reserved_name_ = false;  // property() was given a name of the protocol
};

// A message received. Immutable; a copy is cheap and shares the bytes.
class COMET_API MessageView {
 public:
  struct Data;  // internal
  explicit MessageView(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

  std::string_view topic() const;
  std::string_view body() const;  // decompressed
  std::string_view tag() const;
  std::string_view keys() const;
  // The id given by the sender, or offset_id() if it gave none.
  std::string id() const;
  // Names the place in the broker's log: address and offset.
  std::string offset_id() const;
  std::optional<std::string_view> property(std::string_view name) const;
  std::map<std::string, std::string> properties() const;

  Queue queue() const;
  std::int64_t queue_offset() const;
  std::int64_t commit_log_offset() const;
  int retry_count() const;
  int flag() const;
  int sys_flag() const;
  std::uint32_t body_crc() const;
  std::string born_host() const;
  std::string store_host() const;
  std::chrono::system_clock::time_point born_time() const;
  std::chrono::system_clock::time_point store_time() const;

 private:
  std::shared_ptr<const Data> data_;
};

// How far a message had come when the broker answered. All of these are stored.
enum class SendStatus { ok, flush_disk_timeout, flush_slave_timeout, slave_not_available };
COMET_API std::string_view to_string(SendStatus status);

struct SendReceipt {
  SendStatus status = SendStatus::ok;
  std::string message_id;  // given by this library; consumers see the same
  std::string offset_id;   // the broker's: address and offset in its log
  Queue queue;
  std::int64_t offset = -1;  // in the queue
};

}  // namespace comet

template <>
struct COMET_API std::hash<comet::Queue> {
  std::size_t operator()(const comet::Queue& queue) const noexcept;
};
