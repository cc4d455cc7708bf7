#pragma once

#include <optional>
#include <utility>

#include "remoting/base/mutex.h"

namespace comet::client {

// Where one thread waits for what another one brings.
template <class T>
class Waiter {
 public:
  void Bring(T value) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    value_ = std::move(value);
    brought_.NotifyOne();  // under the lock: afterwards the waiter may be gone
  }
  T Wait() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (!value_) brought_.Wait(mutex_);
    return std::move(*value_);
  }

 private:
  Mutex mutex_;
  CondVar brought_;
  std::optional<T> value_ GUARDED_BY(mutex_);
};

}  // namespace comet::client
