#pragma once

#include <atomic>
#include <string>

#include "remoting/base/metrics.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status.h"
#include "store/ack.h"

namespace comet::store {

// Whether the log may be written to. Shared by everybody who writes, syncs or watches the disk.
// Any thread; asking is one load.
class WriteGate {
 public:
  explicit WriteGate(Gauge& metric) : metric_(metric) {}  // 1 when poisoned

  // kNone, kDiskFull, kPoisoned or kClosed; the worst that applies.
  Refusal refusal() const;
  bool poisoned() const { return poisoned_.load(std::memory_order_acquire); }

  // Final: the tail of the log is unknown, so nothing may be written behind it, and nothing that
  // was not yet synced may be called safe. The first reason is kept.
  void Poison(const Status& reason) EXCLUDES(mutex_);
  std::string poison_reason() const EXCLUDES(mutex_);  // empty when not poisoned

  // Both sources must agree that there is room before messages are taken again.
  void SetDiskFull(bool full) { disk_full_.store(full, std::memory_order_release); }
  void SetNoNextSegment(bool missing) {
    no_next_segment_.store(missing, std::memory_order_release);
  }
  bool no_next_segment() const { return no_next_segment_.load(std::memory_order_acquire); }
  void Close() { closed_.store(true, std::memory_order_release); }

 private:
  Gauge& metric_;
  std::atomic<bool> poisoned_ = false;
  std::atomic<bool> disk_full_ = false;        // above the watermark
  std::atomic<bool> no_next_segment_ = false;  // the next log file could not be allocated
  std::atomic<bool> closed_ = false;
  mutable Mutex mutex_;
  std::string reason_ GUARDED_BY(mutex_);
};

}  // namespace comet::store
