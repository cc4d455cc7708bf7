#include "store/write_gate.h"

#include "remoting/base/log.h"

namespace comet::store {

Refusal WriteGate::refusal() const {
  if (poisoned()) return Refusal::kPoisoned;
  if (closed_.load(std::memory_order_acquire)) return Refusal::kClosed;
  if (disk_full_.load(std::memory_order_acquire) || no_next_segment()) return Refusal::kDiskFull;
  return Refusal::kNone;
}

void WriteGate::Poison(const Status& reason) {
  {
    MutexLock lock(mutex_);
    if (poisoned()) return;
    reason_ = reason.ToString();
    poisoned_.store(true, std::memory_order_release);
    metric_.Set(1);
  }
  LOG_ERROR << "the store takes no more messages, reads go on; restart the broker when the disk "
               "is well: "
            << reason.ToString();
}

std::string WriteGate::poison_reason() const {
  MutexLock lock(mutex_);
  return reason_;
}

}  // namespace comet::store
