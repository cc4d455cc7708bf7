#pragma once

#include <comet/producer.h>

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "remoting/base/mutex.h"

namespace comet::client {

// The accepted sends of one producer that are not answered yet: bounds their number and size, and
// sees to it that each is answered exactly once, whoever comes first. Thread-safe.
class PendingSends {
 public:
  PendingSends(std::size_t count_max, std::size_t bytes_max)
      : count_max_(count_max), bytes_max_(bytes_max) {}

  // The send's number, or queue_full or closed; `done` is kept only on success.
  Result<std::uint64_t> Enter(std::size_t bytes, SendCallback done) EXCLUDES(mutex_);
  // Calls back, unless that has been done; afterwards the send no longer counts.
  void Answer(std::uint64_t id, Result<SendReceipt> outcome) EXCLUDES(mutex_);

  // From now on Enter refuses. True the first time.
  bool Refuse() EXCLUDES(mutex_);
  // Answers all with `error` and waits for callbacks that are running.
  void AnswerAll(const Error& error) EXCLUDES(mutex_);
  // Until every send is answered and its callback has returned.
  Result<void> Wait(std::chrono::milliseconds timeout) EXCLUDES(mutex_);
  std::size_t count() const EXCLUDES(mutex_);
  bool refusing() const EXCLUDES(mutex_);

 private:
  struct Pending {
    std::size_t bytes;
    SendCallback done;
  };
  void Leave(std::size_t bytes) EXCLUDES(mutex_);

  const std::size_t count_max_;
  const std::size_t bytes_max_;
  mutable Mutex mutex_;
  CondVar all_answered_;
  std::unordered_map<std::uint64_t, Pending> pending_ GUARDED_BY(mutex_);
  std::uint64_t next_id_ GUARDED_BY(mutex_) = 0;
  std::size_t count_ GUARDED_BY(mutex_) = 0;  // also those whose callback is running
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  bool refusing_ GUARDED_BY(mutex_) = false;
};

}  // namespace comet::client
