#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace comet::wire {

struct ExtField {
  std::string_view key;
  std::string_view value;
};

// The key/value pairs of a header, borrowed from the bytes they were decoded from. Sixteen live
// in place, which no client of today exceeds by much; more spill to the heap, and the list keeps
// that memory for the next header. Order is the sender's; of equal keys the last one counts.
class ExtFields {
 public:
  // Decoders refuse a header with more: nobody sends a tenth of it, and it bounds the work.
  static constexpr std::size_t kMax = 256;

  void Add(std::string_view key, std::string_view value) {
    if (size_ < kInline) {
      inline_[size_] = {key, value};
    } else {
      if (size_ == kInline) spilled_.assign(inline_.begin(), inline_.end());
      spilled_.push_back({key, value});
    }
    ++size_;
  }
  void Clear() { size_ = 0; }

  std::optional<std::string_view> Find(std::string_view key) const {
    for (const ExtField* field = end(); field != begin();) {
      if ((--field)->key == key) return field->value;
    }
    return std::nullopt;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const ExtField* begin() const { return size_ <= kInline ? inline_.data() : spilled_.data(); }
  const ExtField* end() const { return begin() + size_; }

 private:
  static constexpr std::size_t kInline = 16;

  std::size_t size_ = 0;
  std::array<ExtField, kInline> inline_;
  std::vector<ExtField> spilled_;  // all of them, once there are more than kInline
};

}  // namespace comet::wire
