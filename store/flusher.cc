#include "store/flusher.h"

#include "store/store_metrics.h"

namespace comet::store {

Flusher::Flusher(CommitLog& log, CommitTracker& tracker, WriteGate& gate, StoreMetrics& metrics)
    : log_(log), tracker_(tracker), gate_(gate), metrics_(metrics) {}

void Flusher::Request() {
  if (!requested_.exchange(true)) wake_();
}

bool Flusher::Step() {
  if (!requested_.exchange(false) || gate_.poisoned()) return false;
  const auto flushed = log_.Flush();
  if (!flushed.ok()) {
    gate_.Poison(flushed.error());
    tracker_.Fail();
    return false;
  }
  metrics_.flushes.Add();
  tracker_.OnFlushed(*flushed);
  advanced_();
  return true;
}

}  // namespace comet::store
