#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "store/consume_queue.h"

namespace comet::store {

// One queue of one topic. Lives as long as its QueueTable and never moves, so that batches in
// flight, parked pulls and the dispatcher can hold a plain pointer to it, even while the topic is
// being deleted.
class QueueSlot {
 public:
  // `topic` is owned by the table.
  QueueSlot(std::string_view topic, std::int32_t id, std::unique_ptr<ConsumeQueue> queue)
      : topic_(topic), id_(id), queue_(std::move(queue)) {}
  QueueSlot(const QueueSlot&) = delete;
  QueueSlot& operator=(const QueueSlot&) = delete;

  std::string_view topic() const { return topic_; }
  std::int32_t id() const { return id_; }
  ConsumeQueue& queue() { return *queue_; }
  const ConsumeQueue& queue() const { return *queue_; }

  // The offset that the next message of this queue gets. Changed by the appender's thread only, and
  // set from the queue's end before that thread starts; readers see that more is to come.
  std::atomic<std::int64_t> next_offset = 0;
  std::int64_t TakeOffset() {
    const auto taken = next_offset.load(std::memory_order_relaxed);
    next_offset.store(taken + 1, std::memory_order_relaxed);
    return taken;
  }

  // Parking without losing a wake-up: a loop that wants to hear of arrivals sets its bit, *then*
  // reads queue().end() again; the dispatcher stores the end, *then* takes the mask. Both are
  // sequentially consistent, so one of the two sees the other. Taking clears the bits: a loop
  // that still has pulls parked after an arrival sets its bit again (and re-reads the end again).
  void SetInterest(std::uint32_t loop) {
    interested_.fetch_or(std::uint64_t{1} << (loop % 64), std::memory_order_seq_cst);
  }
  bool awaited() const { return interested_.load(std::memory_order_relaxed) != 0; }
  std::uint64_t TakeInterest() {
    if (interested_.load(std::memory_order_seq_cst) == 0) return 0;
    return interested_.exchange(0, std::memory_order_seq_cst);
  }

  // Dispatcher only: whether the queue has entries to be published.
  bool TouchForDispatch() { return std::exchange(touched_, true); }
  void DispatchDone() { touched_ = false; }

 private:
  const std::string_view topic_;
  const std::int32_t id_;
  const std::unique_ptr<ConsumeQueue> queue_;
  std::atomic<std::uint64_t> interested_ = 0;  // bit n: loop n, modulo 64
  bool touched_ = false;
};

}  // namespace comet::store
