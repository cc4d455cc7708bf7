#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "remoting/base/executor.h"

namespace comet::broker {

// When a loop that writes the log wakes the dispatcher. Waking a thread takes as long as serving
// many messages, so it happens after the answers are sent, and while nobody waits for what was
// stored the iterations of a few milliseconds share one. Owner thread of `loop` only.
class DispatchWake {
 public:
  static constexpr auto kDelay = std::chrono::milliseconds(4);

  DispatchWake(Executor& loop, std::function<void()> wake) : loop_(loop), wake_(std::move(wake)) {}

  // Something was stored; `awaited`: some of it is waited for.
  void Stored(bool awaited) {
    stored_ = true;
    awaited_ |= awaited;
  }
  // Somebody waits from now on, maybe for what is stored already.
  void Awaited() { awaited_ = true; }

  // At the end of each iteration, when its answers are sent.
  void AtOutput() {
    const bool awaited = std::exchange(awaited_, false);
    const bool due = std::exchange(stored_, false) || timer_ != 0;
    if (!due) return;
    if (awaited) return Wake();
    if (timer_ == 0) timer_ = loop_.After(kDelay, [this] { Wake(); });
  }

 private:
  void Wake() {
    loop_.Cancel(std::exchange(timer_, 0));
    wake_();
  }

  Executor& loop_;
  const std::function<void()> wake_;
  bool stored_ = false, awaited_ = false;  // in this iteration
  Executor::TimerId timer_ = 0;            // of the shared wake-up; 0: none is due
};

}  // namespace comet::broker
