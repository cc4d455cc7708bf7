#pragma once

#include <cstddef>
#include <memory>
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

  ExtFields() {}  // NOLINT(modernize-use-equals-default): leaves inline_ as it is
  ExtFields(const ExtFields& other) { *this = other; }
  ExtFields& operator=(const ExtFields& other) {
    if (this == &other) return *this;
    size_ = other.size_;
    if (size_ <= kInline) {
      std::uninitialized_copy_n(other.inline_, size_, inline_);
    } else {
      spilled_ = other.spilled_;
    }
    return *this;
  }

  void Add(std::string_view key, std::string_view value) {
    if (size_ < kInline) {
      std::construct_at(&inline_[size_], ExtField{key, value});
    } else {
      Spill({key, value});
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
  const ExtField* begin() const { return size_ <= kInline ? inline_ : spilled_.data(); }
  const ExtField* end() const { return begin() + size_; }

 private:
  static constexpr std::size_t kInline = 16;

  [[gnu::noinline, gnu::cold]] void Spill(const ExtField& field) {
    if (size_ == kInline) spilled_.assign(inline_, inline_ + kInline);
    spilled_.push_back(field);
  }

  std::size_t size_ = 0;
  // Only the first size_ are there: every request and reply has one of these, and most of them
  // fill few of the places or none.
  union {
    ExtField inline_[kInline];
  };
  std::vector<ExtField> spilled_;  // all of them, once there are more than kInline
};

}  // namespace comet::wire
