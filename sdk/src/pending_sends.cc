#include "sdk/src/pending_sends.h"

#include <algorithm>
#include <utility>

#include "remoting/base/text.h"

namespace comet::client {
namespace {

// A waiter is woken when half is free, so that it does not wake for every single answer; it looks
// for itself that often.
constexpr Duration kLookAgain = std::chrono::milliseconds(5);

// Makes an operation ready for the next message, keeping the memory of its texts.
void Clear(SendOp& op, std::size_t body_bytes_kept) {
  op.body.clear();
  if (op.body.capacity() > body_bytes_kept) op.body = std::string();
  op.properties.clear();
  op.ids.clear();
  op.flag = op.sys_flag = 0;
  op.batch = false;
  op.messages = 1;
  op.target.queue.reset();
  op.target.ordering_key.clear();
  op.target.selector = nullptr;
  op.done = nullptr;
  op.dones.clear();
  op.kept.clear();
  op.attempts = 0;
  op.route.reset();
  op.last_broker.clear();
  op.entered = 1;
  op.entered_bytes = op.body_bytes = 0;
}

}  // namespace

PendingSends::PendingSends(Limits limits)
    : limits_([&] {
        // One word holds both; a single message more must not spill over.
        limits.messages = std::min<std::size_t>(limits.messages, std::size_t{1} << 22);
        limits.bytes = std::min<std::size_t>(limits.bytes, kBytesMax / 4);
        return limits;
      }()) {}

bool PendingSends::TryEnter(std::size_t bytes) {
  if (bytes > limits_.bytes) return false;
  const std::uint64_t before = load_.fetch_add(Load(1, bytes));
  if (CountOf(before) < limits_.messages && BytesOf(before) + bytes <= limits_.bytes) return true;
  Leave(1, bytes);
  return false;
}

bool PendingSends::EnterAtOnce(std::size_t bytes) {
  if (!TryEnter(bytes)) return false;
  if (!refusing_.load()) return true;
  Leave(1, bytes);
  return false;
}

Result<void> PendingSends::Enter(std::size_t bytes, MonoTime wait_until) {
  for (;;) {
    if (EnterAtOnce(bytes)) return {};
    if (refusing_.load()) return Error(Errc::closed, "the producer has been closed");
    const MonoTime now = wait_until == MonoTime::min() ? wait_until : SystemClock().Now();
    if (now >= wait_until || bytes > limits_.bytes) {
      return Error(Errc::queue_full,
                   Concat(count(), " messages of ", this->bytes(), " bytes are in flight, ",
                          limits_.messages, " and ", limits_.bytes,
                          " are allowed; wait for answers, or let ProducerOptions::block_when_full "
                          "do it"));
    }
    MutexLock lock(mutex_);
    waiting_for_room_.fetch_add(1);
    if (!HasComfortableRoom() && !refusing_.load()) {
      changed_.WaitFor(mutex_, std::min(kLookAgain, wait_until - now));
    }
    waiting_for_room_.fetch_sub(1);
  }
}

bool PendingSends::HasComfortableRoom() const {
  const std::uint64_t load = load_.load();
  return CountOf(load) <= limits_.messages / 2 && BytesOf(load) <= limits_.bytes / 2;
}

void PendingSends::Leave(std::size_t messages, std::size_t bytes) {
  const std::uint64_t left = Load(messages, bytes);
  const bool last = CountOf(load_.fetch_sub(left) - left) == 0;
  const bool wanted = (last && waiting_for_end_.load() > 0) ||
                      (waiting_for_room_.load() > 0 && HasComfortableRoom());
  if (!wanted) return;
  MutexLock lock(mutex_);
  changed_.NotifyAll();
}

SendOp* PendingSends::Take(std::shared_ptr<Sender> owner) {
  SendOp* op = nullptr;
  {
    MutexLock lock(mutex_);
    if (idle_.empty()) CollectRecycled();
    if (idle_.empty()) {
      idle_.push_back(ops_.emplace_back(std::make_unique<SendOp>()).get());
      idle_.back()->place = ops_.size() - 1;
      made_.store(ops_.size(), std::memory_order_relaxed);
    }
    op = idle_.back();
    idle_.pop_back();
  }
  op->owner = std::move(owner);
  return op;
}

void PendingSends::CollectRecycled() {
  SendOp* op = recycled_.exchange(nullptr, std::memory_order_acquire);
  for (; op != nullptr; op = op->next_recycled) idle_.push_back(op);
}

void PendingSends::Recycle(SendOp* op) {
  const std::shared_ptr<Sender> owner = std::move(op->owner);  // ends last
  // Once closed, who has taken the unanswered ones may still be at them.
  if (refusing_.load()) return;
  Clear(*op, limits_.idle_op_bytes);
  op->next_recycled = recycled_.load(std::memory_order_relaxed);
  while (!recycled_.compare_exchange_weak(op->next_recycled, op, std::memory_order_release,
                                          std::memory_order_relaxed)) {}
  if (made_.load(std::memory_order_relaxed) > limits_.idle_ops && count() == 0) TrimIdle();
}

// After a burst.
void PendingSends::TrimIdle() {
  std::vector<std::unique_ptr<SendOp>> surplus;  // ends after the lock
  MutexLock lock(mutex_);
  CollectRecycled();
  while (idle_.size() > limits_.idle_ops) {
    SendOp* const op = idle_.back();
    idle_.pop_back();
    ops_.back()->place = op->place;
    std::swap(ops_[op->place], ops_.back());
    surplus.push_back(std::move(ops_.back()));
    ops_.pop_back();
  }
  made_.store(ops_.size(), std::memory_order_relaxed);
}

bool PendingSends::Refuse() {
  if (refusing_.exchange(true)) return false;
  MutexLock lock(mutex_);
  changed_.NotifyAll();
  return true;
}

std::vector<SendOp*> PendingSends::TakeUnanswered() {
  std::vector<SendOp*> unanswered;
  MutexLock lock(mutex_);
  for (const auto& op : ops_) {
    if (!op->answered.exchange(true)) unanswered.push_back(op.get());
  }
  return unanswered;
}

Result<void> PendingSends::Wait(MonoTime deadline) {
  MutexLock lock(mutex_);
  waiting_for_end_.fetch_add(1);
  Result<void> outcome;
  while (CountOf(load_.load()) > 0) {
    const MonoTime now = SystemClock().Now();
    if (now >= deadline) {
      outcome = Error(Errc::timeout, Concat(count(), " sends are not answered yet"));
      break;
    }
    changed_.WaitFor(mutex_, deadline - now);
  }
  waiting_for_end_.fetch_sub(1);
  return outcome;
}

}  // namespace comet::client
