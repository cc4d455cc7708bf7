#include "store/key_hashes.h"

#include "remoting/base/hash.h"
#include "remoting/base/limits.h"
#include "remoting/wire/properties.h"

namespace comet::store {
std::int32_t IndexKeyHash(std::string_view topic, std::string_view key) {
  const auto of_topic = static_cast<std::uint32_t>(JavaStringHash(topic));
  const std::int32_t hash = JavaStringHash(key, static_cast<std::int32_t>(of_topic * 31 + '#'));
  // abs(-2^31) is itself; RocketMQ then files under 0.
  if (hash == INT32_MIN) return 0;
  return hash < 0 ? -hash : hash;
}

void KeyHashes::Add(std::int32_t hash) {
  if (count_ < kInside) {
    inside_[count_++] = hash;
    return;
  }
  if (more_ == nullptr) {
    more_ = std::make_unique<std::vector<std::int32_t>>(inside_, inside_ + kInside);
  }
  more_->push_back(hash);
  ++count_;
}

std::span<const std::int32_t> KeyHashes::all() const {
  if (more_ != nullptr) return {more_->data(), more_->size()};
  return {inside_, count_};
}

KeyHashes HashKeys(std::string_view topic, std::string_view unique_key, std::string_view keys) {
  KeyHashes hashes;
  if (!unique_key.empty()) hashes.Add(IndexKeyHash(topic, unique_key));
  std::size_t words = 0;
  wire::ForEachKey(keys, [&](std::string_view key) {
    if (words++ < limits::kIndexKeysPerMessageMax) hashes.Add(IndexKeyHash(topic, key));
  });
  return hashes;
}

KeyHashes HashKeys(std::string_view topic, std::string_view properties) {
  std::string_view unique_key, keys;
  for (wire::PropertyIterator it(properties); const auto property = it.Next();) {
    if (property->name == wire::property::kUniqueKey) unique_key = property->value;
    if (property->name == wire::property::kKeys) keys = property->value;
  }
  return HashKeys(topic, unique_key, keys);
}

}  // namespace comet::store
