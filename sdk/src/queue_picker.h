#pragma once

#include <comet/message.h>

#include <atomic>
#include <optional>
#include <string_view>
#include <vector>

namespace comet::client {

// Spreads messages over queues one after the other. Thread-safe.
class QueuePicker {
 public:
  // The next queue, of another broker than `avoid` where there is one. Nothing without queues.
  std::optional<Queue> Next(const std::vector<Queue>& queues, std::string_view avoid);
  // Always the same queue for one key, as long as the list of queues is the same.
  static std::optional<Queue> ForKey(const std::vector<Queue>& queues, std::string_view key);

 private:
  std::atomic<std::uint32_t> next_ = 0;
};

}  // namespace comet::client
