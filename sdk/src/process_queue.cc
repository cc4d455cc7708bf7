#include "sdk/src/process_queue.h"

#include <algorithm>
#include <utility>

namespace comet::client {
namespace {

std::chrono::milliseconds Since(MonoTime time, MonoTime now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - time);
}

}  // namespace

ProcessQueue::ProcessQueue(Queue queue, SubscriptionPtr subscription, std::int64_t start,
                           CacheLimits limits, std::atomic<std::size_t>& cached_bytes,
                           std::shared_ptr<Turn> turn)
    : queue_(std::move(queue)),
      subscription_(std::move(subscription)),
      kind_(subscription_ != nullptr && subscription_->ordered ? Kind::kOrdered
                                                               : Kind::kConcurrent),
      limits_(limits),
      cached_bytes_(cached_bytes),
      turn_(std::move(turn)),
      window_(start),
      last_pull_(SystemClock().Now()),
      last_answer_(last_pull_) {}

bool ProcessQueue::Full() const {
  return window_.count() >= limits_.messages || window_.bytes() >= limits_.bytes ||
         (kind_ == Kind::kConcurrent && window_.span() > limits_.span);
}

bool ProcessQueue::MayHandle(MonoTime now) const {
  if (dropped_ || paused_) return false;
  return kind_ == Kind::kConcurrent || (!suspended_ && now < locked_until_);
}

ProcessQueue::Pull ProcessQueue::BeginPull() {
  MutexLock lock(mutex_);
  if (dropped_ || paused_ || pulling_) return {};
  starved_ = Full();
  if (starved_) return {};
  // A queue with nothing in memory may always pull: else one that holds all could stop the others.
  if (window_.count() > 0 && cached_bytes_.load(std::memory_order_relaxed) >= limits_.total_bytes) {
    return {Pull::Go::kLater, 0, 0, 0};
  }
  pulling_ = true;
  last_pull_ = SystemClock().Now();
  return {Pull::Go::kNow, window_.next_offset(), window_.CommitOffset(), broker_id_};
}

bool ProcessQueue::EndPull(std::shared_ptr<const MessageBatch> batch, const Answer& answer) {
  MutexLock lock(mutex_);
  pulling_ = false;
  if (dropped_) return false;
  broker_id_ = answer.broker_id;
  end_ = answer.max_offset;
  last_answer_ = SystemClock().Now();
  error_.clear();
  const std::size_t before = window_.bytes();
  window_.Add(std::move(batch), answer.next_offset);
  cached_bytes_.fetch_add(window_.bytes() - before, std::memory_order_relaxed);
  return true;
}

bool ProcessQueue::FailPull(std::string error) {
  MutexLock lock(mutex_);
  pulling_ = false;
  broker_id_ = 0;
  error_ = std::move(error);
  return !dropped_;
}

bool ProcessQueue::HasWaiting() const {
  MutexLock lock(mutex_);
  return window_.HasWaiting();
}

QueueWindow::Chunk ProcessQueue::Take(std::size_t max, bool* more) {
  MutexLock lock(mutex_);
  *more = false;
  const MonoTime now = SystemClock().Now();
  if (!MayHandle(now)) return {};
  if (kind_ == Kind::kOrdered && (!window_.HasWaiting() || turn_->exchange(true))) return {};
  QueueWindow::Chunk chunk = window_.Take(max, now);
  if (chunk.empty()) return {};
  last_take_ = now;
  *more = kind_ == Kind::kConcurrent && window_.HasWaiting();
  return chunk;
}

ProcessQueue::Finished ProcessQueue::Finish(const QueueWindow::Chunk& chunk,
                                            QueueWindow::State from) {
  MutexLock lock(mutex_);
  if (dropped_) return {};
  const std::size_t before = window_.bytes();
  const std::size_t messages = window_.Finish(chunk, from);
  cached_bytes_.fetch_sub(before - window_.bytes(), std::memory_order_relaxed);
  return {messages, starved_ && !Full()};
}

bool ProcessQueue::PutBack(const QueueWindow::Chunk& chunk) {
  MutexLock lock(mutex_);
  if (dropped_) return false;
  window_.PutBack(chunk);
  return true;
}

bool ProcessQueue::MayGoOn() const {
  MutexLock lock(mutex_);
  return MayHandle(SystemClock().Now());
}

void ProcessQueue::EndOrdered() {
  turn_->store(false);
}

int ProcessQueue::failures(std::int64_t offset) const {
  MutexLock lock(mutex_);
  return offset == failed_offset_ ? failures_ : 0;
}

void ProcessQueue::Fail(std::int64_t offset) {
  MutexLock lock(mutex_);
  failures_ = offset == failed_offset_ ? failures_ + 1 : 1;
  failed_offset_ = offset;
}

void ProcessQueue::SetSuspended(bool suspended) {
  MutexLock lock(mutex_);
  suspended_ = suspended;
}

std::vector<QueueWindow::Chunk> ProcessQueue::GiveUp(MonoTime before) {
  MutexLock lock(mutex_);
  if (dropped_ || kind_ == Kind::kOrdered) return {};
  return window_.GiveUp(before);
}

std::size_t ProcessQueue::working() const {
  MutexLock lock(mutex_);
  return window_.working();
}

void ProcessQueue::SetPaused(bool paused) {
  MutexLock lock(mutex_);
  paused_ = paused;
}

void ProcessQueue::SetLocked(MonoTime until) {
  MutexLock lock(mutex_);
  locked_until_ = until;
  const MonoTime now = SystemClock().Now();
  if (until > now) last_lock_ = now;
}

MonoTime ProcessQueue::locked_until() const {
  MutexLock lock(mutex_);
  return locked_until_;
}

std::optional<std::int64_t> ProcessQueue::Drop() {
  MutexLock lock(mutex_);
  if (dropped_) return std::nullopt;
  dropped_ = true;
  cached_bytes_.fetch_sub(window_.bytes(), std::memory_order_relaxed);
  return window_.CommitOffset();
}

bool ProcessQueue::dropped() const {
  MutexLock lock(mutex_);
  return dropped_;
}

std::int64_t ProcessQueue::next_offset() const {
  MutexLock lock(mutex_);
  return window_.next_offset();
}

std::int64_t ProcessQueue::CommitOffset() const {
  MutexLock lock(mutex_);
  return window_.CommitOffset();
}

std::optional<std::int64_t> ProcessQueue::Uncommitted() const {
  MutexLock lock(mutex_);
  const std::int64_t offset = window_.CommitOffset();
  if (dropped_ || offset == committed_) return std::nullopt;
  return offset;
}

void ProcessQueue::Committed(std::int64_t offset) {
  MutexLock lock(mutex_);
  committed_ = offset;
}

ProcessQueue::Cached ProcessQueue::cached() const {
  MutexLock lock(mutex_);
  Cached cached;
  cached.messages = window_.count();
  cached.bytes = window_.bytes();
  if (cached.messages > 0) {
    cached.min_offset = window_.CommitOffset();
    cached.max_offset = cached.min_offset + window_.span();
  }
  cached.lag = std::max<std::int64_t>(end_ - window_.CommitOffset(), 0);
  cached.last_pull = last_pull_;
  cached.last_answer = last_answer_;
  cached.last_take = last_take_;
  cached.last_lock = last_lock_;
  cached.locked_until = locked_until_;
  return cached;
}

QueueHealth ProcessQueue::health() const {
  MutexLock lock(mutex_);
  const MonoTime now = SystemClock().Now();
  QueueHealth health;
  health.queue = queue_;
  health.since_pull = Since(last_pull_, now);
  health.since_answer = Since(last_answer_, now);
  health.cached = window_.count();
  health.next_offset = window_.next_offset();
  health.commit_offset = window_.CommitOffset();
  health.paused = paused_;
  health.locked = kind_ == Kind::kOrdered && now < locked_until_;
  health.error = error_;
  return health;
}

}  // namespace comet::client
