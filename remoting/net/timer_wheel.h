#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "remoting/base/clock.h"

namespace comet::net {

// Something with a deadline. Embedded in what times out; leaves its wheel when it is destroyed.
class TimerNode {
 public:
  TimerNode() : next_(this), previous_(this) {}
  virtual ~TimerNode() { Unlink(); }
  TimerNode(const TimerNode&) = delete;
  TimerNode& operator=(const TimerNode&) = delete;

  // The deadline has passed; the node is out of the wheel and may be scheduled again or destroyed.
  virtual void OnTimer(MonoTime /*now*/) {}

  bool scheduled() const { return next_ != this; }
  MonoTime deadline() const { return deadline_; }

 private:
  friend class TimerWheel;

  void Unlink() {
    next_->previous_ = previous_;
    previous_->next_ = next_;
    next_ = previous_ = this;
  }
  void LinkBefore(TimerNode& other) {
    next_ = &other;
    previous_ = other.previous_;
    previous_->next_ = this;
    other.previous_ = this;
  }

  TimerNode* next_;
  TimerNode* previous_;
  MonoTime deadline_{};
};

// Deadlines of calls and connections, of which most never pass: scheduling and cancelling are a
// few stores. A ring of slots of one tick each; a node further away than the ring is long stays
// in its slot for several rounds. One thread.
class TimerWheel {
 public:
  static constexpr std::size_t kSlots = 1024;
  static constexpr Duration kTick = std::chrono::milliseconds(10);  // what a deadline may be late

  explicit TimerWheel(MonoTime now) : tick_(TickOf(now)) {}

  // Moves the node if it is scheduled already.
  void Schedule(TimerNode& node, MonoTime deadline) {
    node.Unlink();
    node.deadline_ = deadline;
    const std::int64_t tick = std::max(TickOf(deadline) + 1, tick_ + 1);
    const auto slot = SlotOf(tick);
    node.LinkBefore(slots_[slot]);
    occupied_.set(slot);
  }
  static void Cancel(TimerNode& node) { node.Unlink(); }

  // Runs OnTimer of every node whose deadline is not after `now`.
  void Advance(MonoTime now) {
    const std::int64_t until = TickOf(now);
    // After a long pause one round visits every slot.
    std::int64_t tick = std::max(tick_, until - static_cast<std::int64_t>(kSlots));
    while (tick < until) {
      tick_ = ++tick;
      if (occupied_.test(SlotOf(tick))) RunSlot(SlotOf(tick), now);
    }
  }

  // When Advance should be called next: not after the first deadline's tick, and possibly before.
  std::optional<MonoTime> NextWake() const {
    for (std::size_t ahead = 1; ahead <= kSlots; ++ahead) {
      const std::int64_t tick = tick_ + static_cast<std::int64_t>(ahead);
      if (occupied_.test(SlotOf(tick))) return MonoTime(kTick * tick);
    }
    return std::nullopt;
  }

 private:
  static std::int64_t TickOf(MonoTime time) { return time.time_since_epoch() / kTick; }
  static std::size_t SlotOf(std::int64_t tick) { return static_cast<std::size_t>(tick) % kSlots; }

  void RunSlot(std::size_t slot, MonoTime now) {
    TimerNode due;  // a list of its own, so that OnTimer may schedule and cancel at will
    TimerNode& all = slots_[slot];
    occupied_.reset(slot);
    while (all.next_ != &all) {
      TimerNode& node = *all.next_;
      node.Unlink();
      node.LinkBefore(due);
    }
    while (due.next_ != &due) {
      TimerNode& node = *due.next_;
      node.Unlink();
      if (node.deadline_ <= now) {
        node.OnTimer(now);
      } else {
        node.LinkBefore(all);
        occupied_.set(slot);
      }
    }
  }

  std::int64_t tick_;  // up to which Advance has come
  std::array<TimerNode, kSlots> slots_;
  std::bitset<kSlots> occupied_;  // may say yes of an empty slot
};

}  // namespace comet::net
