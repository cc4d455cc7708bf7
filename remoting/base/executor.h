#pragma once

#include <cstdint>

#include "remoting/base/clock.h"
#include "remoting/base/unique_function.h"

namespace comet {

using Task = UniqueFunction<void()>;

// Runs tasks one at a time, in order, on one owner thread.
// An event loop, a background worker and the simulator are all executors.
class Executor {
 public:
  using TimerId = std::uint64_t;  // 0 is never given out

  virtual ~Executor() = default;

  // Any thread. Tasks posted by one thread run in the order posted.
  virtual void Post(Task task) = 0;

  // Owner thread only. The task runs once, not before `delay` has passed.
  virtual TimerId After(Duration delay, Task task) = 0;
  virtual void Cancel(TimerId id) = 0;  // no effect if it already ran

  virtual bool OnOwnerThread() const = 0;
};

}  // namespace comet
