#pragma once

#include <comet/message.h>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sdk/src/broker_health.h"

namespace comet::client {

// Spreads messages over queues one after the other. Thread-safe. Answers with places in the list;
// nothing without queues.
class QueuePicker {
 public:
  // The next queue, of another broker than `failed` that need not be avoided, where there is one;
  // else of another broker than `failed`; else the next.
  std::optional<std::size_t> Next(const std::vector<Queue>& queues, std::string_view failed,
                                  const BrokerHealth& health, MonoTime now);
  // Always the same queue for one key, as long as the list of queues is the same.
  static std::optional<std::size_t> ForKey(const std::vector<Queue>& queues, std::string_view key);

 private:
  std::atomic<std::uint32_t> next_ = 0;
};

}  // namespace comet::client
