#pragma once

#include <comet/producer.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "sdk/src/send_op.h"

namespace comet::client {

// The accepted sends of one producer that are not answered yet: bounds their number and size, waits
// for them, and keeps the operations for the next use. Thread-safe.
class PendingSends {
 public:
  struct Limits {
    std::size_t messages;
    std::size_t bytes;
    std::size_t idle_ops = 1024;          // kept for the next use,
    std::size_t idle_op_bytes = 1 << 10;  // each with so much memory for a body
  };
  explicit PendingSends(Limits limits);

  // Counts a message if there is room.
  bool EnterAtOnce(std::size_t bytes);
  // Counts a message, or says queue_full or closed. With `wait_until` it waits for room till then.
  Result<void> Enter(std::size_t bytes, MonoTime wait_until = MonoTime::min()) EXCLUDES(mutex_);
  // Counted messages have been answered, and their callbacks have returned.
  void Leave(std::size_t messages, std::size_t bytes) EXCLUDES(mutex_);

  SendOp* Take(std::shared_ptr<Sender> owner) EXCLUDES(mutex_);
  // May end the owner, and with it this object.
  void Recycle(SendOp* op) EXCLUDES(mutex_);

  // From now on Enter refuses. True the first time.
  bool Refuse();
  bool refusing() const { return refusing_.load(); }
  // The operations nobody has answered: the caller answers them. Only after Refuse().
  std::vector<SendOp*> TakeUnanswered() EXCLUDES(mutex_);
  // Until every send is answered and its callback has returned.
  Result<void> Wait(MonoTime deadline) EXCLUDES(mutex_);

  std::size_t count() const { return CountOf(load_.load(std::memory_order_relaxed)); }
  std::size_t bytes() const { return BytesOf(load_.load(std::memory_order_relaxed)); }

 private:
  // Number and bytes in one word, so that one instruction counts both: 24 bits and 40.
  static constexpr int kByteBits = 40;
  static constexpr std::uint64_t kBytesMax = (std::uint64_t{1} << kByteBits) - 1;
  static std::uint64_t Load(std::size_t messages, std::size_t bytes) {
    return (std::uint64_t{messages} << kByteBits) + bytes;
  }
  static std::size_t CountOf(std::uint64_t load) { return load >> kByteBits; }
  static std::size_t BytesOf(std::uint64_t load) { return load & kBytesMax; }

  bool TryEnter(std::size_t bytes);
  bool HasComfortableRoom() const;
  void CollectRecycled() REQUIRES(mutex_);
  void TrimIdle() EXCLUDES(mutex_);

  const Limits limits_;
  // Those who wait announce it before they look; those who leave count first and look then.
  std::atomic<std::uint64_t> load_ = 0;  // also those whose callback is running
  std::atomic<bool> refusing_ = false;
  std::atomic<int> waiting_for_room_ = 0, waiting_for_end_ = 0;
  std::atomic<SendOp*> recycled_ = nullptr;  // a stack; whoever takes, takes all of it
  std::atomic<std::size_t> made_ = 0;        // operations in ops_
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::unique_ptr<SendOp>> ops_ GUARDED_BY(mutex_);
  std::vector<SendOp*> idle_ GUARDED_BY(mutex_);
};

}  // namespace comet::client
