#pragma once

#include <atomic>
#include <cstdint>

#include "store/commit_log.h"
#include "store/commit_tracker.h"
#include "store/wake_hook.h"
#include "store/write_gate.h"

namespace comet::store {

struct StoreMetrics;

// Makes the log durable: at once when somebody waits for it (SYNC_FLUSH), else when enough bytes
// or time have gathered. A failed sync is final: it poisons the gate and answers every waiter
// with an error; it is never tried again.
//
// Request: any thread. Step: the flusher's thread, or the simulator.
class Flusher {
 public:
  Flusher(CommitLog& log, CommitTracker& tracker, WriteGate& gate, StoreMetrics& metrics);

  // Everything below the log's present end is to be synced soon.
  void Request();
  bool Step();  // one sync; false when none was asked for

  WakeHook& wake() { return wake_; }          // this object has work
  WakeHook& advanced() { return advanced_; }  // the flushed mark has moved

 private:
  CommitLog& log_;
  CommitTracker& tracker_;
  WriteGate& gate_;
  StoreMetrics& metrics_;
  WakeHook wake_, advanced_;
  std::atomic<bool> requested_ = false;
};

}  // namespace comet::store
