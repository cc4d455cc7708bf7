#include <comet/allocation.h>

#include <map>

#include "remoting/base/text.h"
#include "sdk/src/md5.h"

namespace comet {
namespace {

// The first four bytes of the MD5 as a number.
std::uint32_t PlaceOnRing(std::string_view key) {
  const auto digest = client::Md5(key);
  std::uint32_t place = 0;
  for (std::size_t i = 0; i < 4; ++i) place = place << 8U | digest[i];
  return place;
}

// A client stands on the ring at "<client>-0", "<client>-1" and so on; a queue, by the text Java
// has for it, belongs to the next one.
class ConsistentHash : public AllocationStrategy {
 public:
  explicit ConsistentHash(int virtual_nodes) : virtual_nodes_(virtual_nodes) {}

  std::vector<Queue> allocate(std::string_view self, std::span<const Queue> queues,
                              std::span<const std::string> clients) override {
    std::map<std::uint32_t, std::string_view> ring;
    for (const std::string& client : clients) {
      for (int i = 0; i < virtual_nodes_; ++i) ring[PlaceOnRing(Concat(client, "-", i))] = client;
    }
    std::vector<Queue> mine;
    if (ring.empty()) return mine;
    for (const Queue& queue : queues) {
      auto owner = ring.lower_bound(
          PlaceOnRing(Concat("MessageQueue [topic=", queue.topic, ", brokerName=", queue.broker,
                             ", queueId=", queue.id, "]")));
      if (owner == ring.end()) owner = ring.begin();
      if (owner->second == self) mine.push_back(queue);
    }
    return mine;
  }
  std::string_view name() const override { return "CONSISTENT_HASH"; }

 private:
  const int virtual_nodes_;
};

}  // namespace

std::shared_ptr<AllocationStrategy> consistent_hash(int virtual_nodes) {
  return std::make_shared<ConsistentHash>(virtual_nodes);
}

}  // namespace comet
