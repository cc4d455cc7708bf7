#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace comet::net {

// The bytes of a connection that are not a whole frame yet. Empty ones own no memory. The memory
// always ends with slack behind the bytes, which lets a header be parsed in place.
class ReadBuffer {
 public:
  explicit ReadBuffer(std::size_t slack) : slack_(slack) {}

  std::string_view bytes() const { return {memory_.get(), size_}; }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  char* end() { return memory_.get() + size_; }
  std::size_t readable_end() const { return capacity_ + slack_; }

  // Makes room for `size` bytes in all; grows by half at least, so that a peer which trickles a
  // frame does not make us copy it again and again.
  void Reserve(std::size_t size) {
    if (size <= capacity_) return;
    if (capacity_ > 0 && size < capacity_ + capacity_ / 2) size = capacity_ + capacity_ / 2;
    auto grown = std::make_unique_for_overwrite<char[]>(size + slack_);
    if (size_ > 0) std::memcpy(grown.get(), memory_.get(), size_);
    std::memset(grown.get() + size, 0, slack_);
    memory_ = std::move(grown);
    capacity_ = size;
  }
  void Grow(std::size_t count) { size_ += count; }  // that many were written at end()

  void Assign(std::string_view bytes) {
    size_ = 0;
    if (bytes.empty()) {
      Release();
      return;
    }
    Reserve(bytes.size());
    std::memcpy(memory_.get(), bytes.data(), bytes.size());
    size_ = bytes.size();
  }
  // Drops the first `count` bytes; memory goes when nothing is left.
  void Drop(std::size_t count) {
    size_ -= count;
    if (size_ == 0) {
      Release();
    } else if (count > 0) {
      std::memmove(memory_.get(), memory_.get() + count, size_);
    }
  }

 private:
  void Release() {
    memory_.reset();
    capacity_ = size_ = 0;
  }

  const std::size_t slack_;
  std::unique_ptr<char[]> memory_;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace comet::net
