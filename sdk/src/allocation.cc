#include <comet/allocation.h>

#include <algorithm>
#include <utility>

namespace comet {
namespace {

std::size_t PlaceOf(std::string_view self, std::span<const std::string> clients) {
  return static_cast<std::size_t>(std::find(clients.begin(), clients.end(), self) -
                                  clients.begin());
}

class Averagely : public AllocationStrategy {
 public:
  std::vector<Queue> allocate(std::string_view self, std::span<const Queue> queues,
                              std::span<const std::string> clients) override {
    const std::size_t place = PlaceOf(self, clients);
    if (place == clients.size()) return {};
    const std::size_t each = queues.size() / clients.size();
    const std::size_t longer = queues.size() % clients.size();  // clients with one more
    const std::size_t begin = place * each + std::min(place, longer);
    const auto part = queues.subspan(begin, each + (place < longer ? 1 : 0));
    return {part.begin(), part.end()};
  }
  std::string_view name() const override { return "AVG"; }
};

class AveragelyByCircle : public AllocationStrategy {
 public:
  std::vector<Queue> allocate(std::string_view self, std::span<const Queue> queues,
                              std::span<const std::string> clients) override {
    std::vector<Queue> mine;
    const std::size_t place = PlaceOf(self, clients);
    if (place == clients.size()) return mine;
    for (std::size_t i = place; i < queues.size(); i += clients.size()) mine.push_back(queues[i]);
    return mine;
  }
  std::string_view name() const override { return "AVG_BY_CIRCLE"; }
};

class ByConfig : public AllocationStrategy {
 public:
  explicit ByConfig(std::vector<Queue> queues) : queues_(std::move(queues)) {}
  std::vector<Queue> allocate(std::string_view /*self*/, std::span<const Queue> /*queues*/,
                              std::span<const std::string> /*clients*/) override {
    return queues_;
  }
  std::string_view name() const override { return "CONFIG"; }

 private:
  const std::vector<Queue> queues_;
};

}  // namespace

std::shared_ptr<AllocationStrategy> averagely() {
  return std::make_shared<Averagely>();
}

std::shared_ptr<AllocationStrategy> averagely_by_circle() {
  return std::make_shared<AveragelyByCircle>();
}

std::shared_ptr<AllocationStrategy> by_config(std::vector<Queue> queues) {
  return std::make_shared<ByConfig>(std::move(queues));
}

}  // namespace comet
