#include "remoting/base/metrics.h"

#include <bit>

namespace comet {
namespace {

// Bit n is set while some thread holds slot n; the shared slot is never held.
std::atomic<std::uint64_t> slots_taken = 0;

class SlotOwner {
 public:
  SlotOwner() {
    auto taken = slots_taken.load(std::memory_order_relaxed);
    do {
      slot_ = static_cast<std::uint32_t>(std::countr_one(taken));
      if (slot_ >= kThreadSlots - 1) {
        slot_ = kThreadSlots - 1;
        return;
      }
      // Acquire and release: the next owner of a slot continues from what the last one wrote.
    } while (!slots_taken.compare_exchange_weak(taken, taken | std::uint64_t{1} << slot_,
                                                std::memory_order_acquire));
  }
  ~SlotOwner() {
    if (slot_ == kThreadSlots - 1) return;
    slots_taken.fetch_and(~(std::uint64_t{1} << slot_), std::memory_order_release);
  }
  SlotOwner(const SlotOwner&) = delete;
  SlotOwner& operator=(const SlotOwner&) = delete;

  std::uint32_t slot() const { return slot_; }

 private:
  std::uint32_t slot_ = 0;
};

}  // namespace

std::uint32_t ThreadSlot() {
  thread_local const SlotOwner kOwner;
  return kOwner.slot();
}

std::int64_t Counter::Sum() const {
  std::int64_t sum = 0;
  for (const auto& cell : cells_) sum += cell.value.load(std::memory_order_relaxed);
  return sum;
}

}  // namespace comet
