#pragma once

#include <atomic>
#include <cstdint>

namespace comet::broker {

// What went through: messages, the requests that carried them, their bytes.
struct Amount {
  std::int64_t messages = 0, times = 0, bytes = 0;

  void Add(const Amount& more) {
    messages += more.messages;
    times += more.times;
    bytes += more.bytes;
  }
};

// A number that one thread adds to, without a locked instruction, and any thread reads.
class OwnCounter {
 public:
  void Add(std::int64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::int64_t Get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_ = 0;
};

}  // namespace comet::broker
