#include <comet/selector.h>

#include <atomic>
#include <memory>
#include <utility>

#include "remoting/base/hash.h"
#include "remoting/base/mutex.h"
#include "remoting/base/random.h"

namespace comet {

QueueSelector by_hash(std::string key) {
  const std::int64_t hash = JavaStringHash(key);
  const auto place = static_cast<std::size_t>(hash < 0 ? -hash : hash);
  return [place](std::span<const Queue> queues, const Message&) {
    return place % queues.size();
  };
}

QueueSelector by_random() {
  struct Shared {
    Mutex mutex;
    Random random GUARDED_BY(mutex) = Random::FromSystem();
  };
  return [shared = std::make_shared<Shared>()](std::span<const Queue> queues, const Message&) {
    MutexLock lock(shared->mutex);
    return std::size_t{shared->random.Below(static_cast<std::uint32_t>(queues.size()))};
  };
}

QueueSelector round_robin() {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  return [next = std::move(next)](std::span<const Queue> queues, const Message&) {
    return next->fetch_add(1, std::memory_order_relaxed) % queues.size();
  };
}

}  // namespace comet
