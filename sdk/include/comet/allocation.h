#pragma once

#include <comet/export.h>
#include <comet/message.h>

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comet {

// Shares the queues of a topic out among the clients of a group. Every client of the group, in
// whatever language, must use the same rule: each computes its own part alone, and only then does
// every queue have exactly one owner.
//
// Called on threads of the library, of several consumers at once; must not block. What it returns
// is used as it is, but for queues that are not in `queues`.
class COMET_API AllocationStrategy {
 public:
  virtual ~AllocationStrategy() = default;

  // The queues of client `self`. `queues` are sorted by topic, broker and id, `clients` as Java
  // sorts texts; `self` is one of them.
  virtual std::vector<Queue> allocate(std::string_view self, std::span<const Queue> queues,
                                      std::span<const std::string> clients) = 0;
  virtual std::string_view name() const = 0;  // RocketMQ's
};

// AVG, the default: consecutive queues; the first clients get one more when it does not come out
// even.
COMET_API std::shared_ptr<AllocationStrategy> averagely();
// AVG_BY_CIRCLE: one queue each, round and round.
COMET_API std::shared_ptr<AllocationStrategy> averagely_by_circle();
// CONSISTENT_HASH: few queues move when a client comes or goes. `virtual_nodes` per client.
COMET_API std::shared_ptr<AllocationStrategy> consistent_hash(int virtual_nodes = 10);
// MACHINE_ROOM: only queues of brokers whose name begins with one of these rooms and '@'.
COMET_API std::shared_ptr<AllocationStrategy> machine_room(std::set<std::string> rooms);
// CONFIG: always these queues.
COMET_API std::shared_ptr<AllocationStrategy> by_config(std::vector<Queue> queues);

// Tells in which machine room brokers and clients are.
struct MachineRooms {
  std::function<std::string(const Queue&)> of_queue;
  std::function<std::string(std::string_view client_id)> of_client;
};
// MACHINE_ROOM_NEARBY: queues go to clients of their own room, by the `inner` rule; those of a
// room without a client to all.
COMET_API std::shared_ptr<AllocationStrategy> machine_room_nearby(
    std::shared_ptr<AllocationStrategy> inner, MachineRooms rooms);

}  // namespace comet
