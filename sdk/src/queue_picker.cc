#include "sdk/src/queue_picker.h"

#include "remoting/base/hash.h"

namespace comet::client {

std::optional<Queue> QueuePicker::Next(const std::vector<Queue>& queues, std::string_view avoid) {
  if (queues.empty()) return std::nullopt;
  const std::size_t start = next_.fetch_add(1, std::memory_order_relaxed) % queues.size();
  if (!avoid.empty()) {
    for (std::size_t i = 0; i < queues.size(); ++i) {
      const Queue& queue = queues[(start + i) % queues.size()];
      if (queue.broker != avoid) return queue;
    }
  }
  return queues[start];
}

std::optional<Queue> QueuePicker::ForKey(const std::vector<Queue>& queues, std::string_view key) {
  if (queues.empty()) return std::nullopt;
  // Java's selector by hash: abs(hashCode) mod size, so that both languages agree.
  const std::int64_t hash = JavaStringHash(key);
  return queues[static_cast<std::size_t>(hash < 0 ? -hash : hash) % queues.size()];
}

}  // namespace comet::client
