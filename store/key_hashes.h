#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace comet::store {

// The hash under which the key index files `topic#key`: Java's string hash, made positive.
std::int32_t IndexKeyHash(std::string_view topic, std::string_view key);

// The index hashes of one message: of its unique key and of each of its KEYS. Up to three are
// kept inside, which is all that most messages have. Move-only.
class KeyHashes {
 public:
  static constexpr std::size_t kInside = 3;

  void Add(std::int32_t hash);
  std::span<const std::int32_t> all() const;
  bool empty() const { return count_ == 0; }

 private:
  std::int32_t inside_[kInside] = {};
  std::uint32_t count_ = 0;
  std::unique_ptr<std::vector<std::int32_t>> more_;  // all of them, once they do not fit inside
};

// The hashes of a message's properties (`name \1 value \2 …`): UNIQ_KEY first, then the tokens of
// KEYS, of which limits::kIndexKeysPerMessageMax count: a message must not fill an index file.
KeyHashes HashKeys(std::string_view topic, std::string_view properties);
KeyHashes HashKeys(std::string_view topic, std::string_view unique_key, std::string_view keys);

}  // namespace comet::store
