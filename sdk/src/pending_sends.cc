#include "sdk/src/pending_sends.h"

#include <utility>

#include "remoting/base/clock.h"
#include "remoting/base/text.h"

namespace comet::client {

Result<std::uint64_t> PendingSends::Enter(std::size_t bytes, SendCallback done) {
  MutexLock lock(mutex_);
  if (refusing_) return Error(Errc::closed, "the producer has been closed");
  if (count_ >= count_max_ || bytes > bytes_max_ - bytes_) {
    return Error(Errc::queue_full,
                 Concat(count_, " messages of ", bytes_, " bytes are in flight, ", count_max_,
                        " and ", bytes_max_, " are allowed; wait for answers"));
  }
  ++count_;
  bytes_ += bytes;
  const std::uint64_t id = next_id_++;
  pending_.emplace(id, Pending{bytes, std::move(done)});
  return id;
}

void PendingSends::Answer(std::uint64_t id, Result<SendReceipt> outcome) {
  std::unordered_map<std::uint64_t, Pending>::node_type pending;
  {
    MutexLock lock(mutex_);
    pending = pending_.extract(id);
  }
  if (!pending) return;
  std::exchange(pending.mapped().done, nullptr)(std::move(outcome));
  Leave(pending.mapped().bytes);
}

bool PendingSends::Refuse() {
  MutexLock lock(mutex_);
  return !std::exchange(refusing_, true);
}

void PendingSends::AnswerAll(const Error& error) {
  std::unordered_map<std::uint64_t, Pending> rest;
  {
    MutexLock lock(mutex_);
    rest.swap(pending_);
  }
  for (auto& [id, pending] : rest) {
    std::exchange(pending.done, nullptr)(error);
    Leave(pending.bytes);
  }
  MutexLock lock(mutex_);
  while (count_ > 0) all_answered_.Wait(mutex_);
}

Result<void> PendingSends::Wait(std::chrono::milliseconds timeout) {
  const MonoTime deadline = SystemClock().Now() + timeout;
  MutexLock lock(mutex_);
  while (count_ > 0) {
    const MonoTime now = SystemClock().Now();
    if (now >= deadline) {
      return Error(Errc::timeout, Concat(count_, " sends are not answered yet"));
    }
    all_answered_.WaitFor(mutex_, deadline - now);
  }
  return {};
}

std::size_t PendingSends::count() const {
  MutexLock lock(mutex_);
  return count_;
}

bool PendingSends::refusing() const {
  MutexLock lock(mutex_);
  return refusing_;
}

void PendingSends::Leave(std::size_t bytes) {
  MutexLock lock(mutex_);
  bytes_ -= bytes;
  if (--count_ == 0) all_answered_.NotifyAll();
}

}  // namespace comet::client
