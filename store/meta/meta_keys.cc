#include "store/meta/meta_keys.h"

#include "remoting/base/bytes.h"

namespace comet::store::meta::key {

std::string Named(char kind, std::string_view name) {
  std::string key(1, kind);
  key += name;
  return key;
}

std::string OfLevel(std::int32_t level) {
  std::string key(1, kDelay);
  AppendBigEndian(&key, level);
  return key;
}

std::string OfVersion(Table table) {
  return {kVersion, static_cast<char>(table)};
}

std::string OffsetsOf(std::string_view group) {
  std::string key = Named(kOffset, group);
  key.push_back('\0');
  return key;
}

std::string OffsetsOf(std::string_view group, std::string_view topic) {
  std::string key = OffsetsOf(group);
  key += topic;
  key.push_back('\0');
  return key;
}

std::string OffsetOf(const ConsumerOffset& offset) {
  std::string key = OffsetsOf(offset.group, offset.topic);
  AppendBigEndian(&key, offset.queue_id);
  return key;
}

std::optional<ConsumerOffset> ParseOffset(std::string_view key) {
  if (key.empty() || key.front() != kOffset) return std::nullopt;
  key.remove_prefix(1);
  const std::size_t group_end = key.find('\0');
  if (group_end == std::string_view::npos) return std::nullopt;
  const std::size_t topic_end = key.find('\0', group_end + 1);
  if (topic_end == std::string_view::npos || key.size() != topic_end + 5) return std::nullopt;
  ConsumerOffset offset;
  offset.group = key.substr(0, group_end);
  offset.topic = key.substr(group_end + 1, topic_end - group_end - 1);
  offset.queue_id = GetI32(key.data() + topic_end + 1);
  return offset;
}

std::optional<std::int32_t> ParseLevel(std::string_view key) {
  if (key.size() != 5 || key.front() != kDelay) return std::nullopt;
  return GetI32(key.data() + 1);
}

}  // namespace comet::store::meta::key
