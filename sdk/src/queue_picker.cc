#include "sdk/src/queue_picker.h"

#include "remoting/base/hash.h"

namespace comet::client {

std::optional<std::size_t> QueuePicker::Next(const std::vector<Queue>& queues,
                                             std::string_view failed, const BrokerHealth& health,
                                             MonoTime now) {
  if (queues.empty()) return std::nullopt;
  const std::size_t start = next_.fetch_add(1, std::memory_order_relaxed) % queues.size();
  std::optional<std::size_t> other;
  for (std::size_t i = 0; i < queues.size(); ++i) {
    const std::size_t place = (start + i) % queues.size();
    const std::string& broker = queues[place].broker;
    if (broker == failed) continue;
    if (!health.IsAvoided(broker, now)) return place;
    if (!other) other = place;
  }
  return other ? other : start;
}

std::optional<std::size_t> QueuePicker::ForKey(const std::vector<Queue>& queues,
                                               std::string_view key) {
  if (queues.empty()) return std::nullopt;
  // Java's selector by hash: abs(hashCode) mod size, so that both languages agree.
  const std::int64_t hash = JavaStringHash(key);
  return static_cast<std::size_t>(hash < 0 ? -hash : hash) % queues.size();
}

}  // namespace comet::client
