#include <comet/allocation.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "remoting/base/text.h"

namespace comet {
namespace {

// The brokers of these rooms are called "<room>@<name>". Blocks of equal size, and what is left
// over, from the end, one each.
class MachineRoom : public AllocationStrategy {
 public:
  explicit MachineRoom(std::set<std::string> rooms) : rooms_(std::move(rooms)) {}

  std::vector<Queue> allocate(std::string_view self, std::span<const Queue> queues,
                              std::span<const std::string> clients) override {
    std::vector<Queue> ours, mine;
    std::copy_if(queues.begin(), queues.end(), std::back_inserter(ours),
                 [this](const Queue& queue) { return IsOurs(queue.broker); });
    const auto place =
        static_cast<std::size_t>(std::find(clients.begin(), clients.end(), self) - clients.begin());
    if (place == clients.size()) return mine;
    const std::size_t each = ours.size() / clients.size();
    const auto take = [&](std::size_t begin, std::size_t count) {
      const auto from = ours.begin() + static_cast<std::ptrdiff_t>(begin);
      mine.insert(mine.end(), from, from + static_cast<std::ptrdiff_t>(count));
    };
    take(place * each, each);
    if (place < ours.size() % clients.size()) take(each * clients.size() + place, 1);
    return mine;
  }
  std::string_view name() const override { return "MACHINE_ROOM"; }

 private:
  bool IsOurs(const std::string& broker) const {
    const auto at = broker.find('@');
    if (at == std::string::npos || at + 1 == broker.size()) return false;
    return broker.find('@', at + 1) == std::string::npos && rooms_.contains(broker.substr(0, at));
  }

  const std::set<std::string> rooms_;
};

class MachineRoomNearby : public AllocationStrategy {
 public:
  MachineRoomNearby(std::shared_ptr<AllocationStrategy> inner, MachineRooms rooms)
      : inner_(std::move(inner)),
        rooms_(std::move(rooms)),
        name_(Concat("MACHINE_ROOM_NEARBY-", inner_->name())) {}

  std::vector<Queue> allocate(std::string_view self, std::span<const Queue> queues,
                              std::span<const std::string> clients) override {
    std::map<std::string, std::vector<Queue>> queues_of;
    std::map<std::string, std::vector<std::string>> clients_of;
    for (const Queue& queue : queues) queues_of[rooms_.of_queue(queue)].push_back(queue);
    for (const std::string& client : clients)
      clients_of[rooms_.of_client(client)].push_back(client);

    const std::string my_room = rooms_.of_client(self);
    std::vector<Queue> mine;
    const auto add = [&](const std::vector<Queue>& some, std::span<const std::string> among) {
      auto part = inner_->allocate(self, some, among);
      std::move(part.begin(), part.end(), std::back_inserter(mine));
    };
    if (const auto near = queues_of.find(my_room); near != queues_of.end()) {
      add(near->second, clients_of[my_room]);
    }
    for (const auto& [room, some] : queues_of) {
      if (room != my_room && !clients_of.contains(room)) add(some, clients);
    }
    return mine;
  }
  std::string_view name() const override { return name_; }

 private:
  const std::shared_ptr<AllocationStrategy> inner_;
  const MachineRooms rooms_;
  const std::string name_;
};

}  // namespace

std::shared_ptr<AllocationStrategy> machine_room(std::set<std::string> rooms) {
  return std::make_shared<MachineRoom>(std::move(rooms));
}

std::shared_ptr<AllocationStrategy> machine_room_nearby(std::shared_ptr<AllocationStrategy> inner,
                                                        MachineRooms rooms) {
  return std::make_shared<MachineRoomNearby>(std::move(inner), std::move(rooms));
}

}  // namespace comet
