#include "store/upkeep.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "remoting/base/log.h"
#include "remoting/base/mutex.h"

namespace comet::store {
namespace {

constexpr auto kBeat = std::chrono::milliseconds(100);
constexpr std::int64_t kWatchMs = 1000;

}  // namespace

struct Upkeep::Pulse {
  Mutex mutex;
  Upkeep* upkeep GUARDED_BY(mutex) = nullptr;
};

Upkeep::Upkeep(Parts parts, const StoreConfig& config) : p_(parts), config_(config) {
  sampled_end_ = p_.log.end();
  sampled_ms_ = p_.appender.last_store_ms();
}

void Upkeep::Start(Executor& worker) {
  pulse_ = std::make_shared<Pulse>();
  {
    MutexLock lock(pulse_->mutex);
    pulse_->upkeep = this;
  }
  worker.Post([&worker, pulse = pulse_] { Beat(worker, pulse); });
}

void Upkeep::Stop() {
  if (pulse_ == nullptr) return;
  MutexLock lock(pulse_->mutex);
  pulse_->upkeep = nullptr;
}

void Upkeep::Beat(Executor& worker, std::shared_ptr<Pulse> pulse) {
  {
    MutexLock lock(pulse->mutex);
    if (pulse->upkeep == nullptr) return;
    pulse->upkeep->Tick();
  }
  worker.After(kBeat, [&worker, pulse = std::move(pulse)] { Beat(worker, pulse); });
}

bool Upkeep::Due(MonoTime now, MonoTime& next, std::int64_t interval_ms) const {
  if (now < next) return false;
  next = now + std::chrono::milliseconds(interval_ms);
  return true;
}

void Upkeep::Tick() {
  const MonoTime now = p_.clock.Now();
  p_.replicas.Refresh();
  p_.tracker.Expire(now);
  AskForFlush(now);
  if (!p_.dispatcher.status().ok()) p_.dispatcher.wake()();  // it tries again
  if (Due(now, next_watch_, kWatchMs)) WatchDisk();
  if (Due(now, next_clean_, config_.clean_interval_ms)) {
    // Before the first sync of this life queues may be new that the marks speak of.
    const auto cleaned = p_.retention.Step(synced_ ? p_.checkpoint.marks().dispatched : 0);
    if (!cleaned.ok()) {
      LOG_WARN << "deleting old files: " << cleaned.error().ToString();
    }
  }
  if (Due(now, next_checkpoint_, config_.checkpoint_interval_ms)) Judge(WriteCheckpoint(false));
}

void Upkeep::AskForFlush(MonoTime now) {
  if (p_.log.flushed() == p_.log.end()) {
    next_flush_ = now + std::chrono::milliseconds(config_.flush_interval_ms);
    return;
  }
  if (Due(now, next_flush_, config_.flush_interval_ms)) p_.flusher.Request();
}

void Upkeep::WatchDisk() {
  if (const Status looked = p_.retention.CheckDisks(); !looked.ok()) {
    LOG_WARN_LIMITED << "cannot tell how full the disk is: " << looked.ToString();
  }
  p_.gate.SetDiskFull(p_.retention.disk_full());
  p_.allocator.Retry();
}

// A sync that failed may have lost what recovery will rely on; a full disk, or no descriptor to
// open a file with, loses nothing.
void Upkeep::Judge(const Status& status) {
  if (status.ok()) return;
  if (status.code() == Status::Code::kFull || status.code() == Status::Code::kUnavailable) {
    LOG_WARN_LIMITED << "no checkpoint: " << status.ToString();
    return;
  }
  p_.gate.Poison(status);
  p_.tracker.Fail();
}

Status Upkeep::WriteCheckpoint(bool all) {
  if (p_.gate.poisoned()) return {};
  Marks marks = p_.checkpoint.marks();
  const auto dispatched = p_.dispatcher.dispatched();
  const auto flushed = p_.log.flushed();
  const bool reached = flushed >= sampled_end_ && dispatched >= sampled_end_;
  if (all || reached) {
    marks.log_store_ms = all ? p_.appender.last_store_ms() : sampled_ms_;
    marks.queue_store_ms = marks.log_store_ms;
    // In this order: the time may be that of an earlier record than the end, never of a later one.
    sampled_ms_ = p_.appender.last_store_ms();
    sampled_end_ = p_.log.end();
  }
  marks.flushed = flushed;
  // What is indexed but not yet flushed may be cut off, and others may come in its place.
  marks.dispatched = std::min(dispatched, flushed);
  marks.exact = true;
  marks.replica = config_.replica;
  // What a start has made again is not on the device yet, although the marks say so.
  if (marks == p_.checkpoint.marks() && !all && synced_) return {};
  COMET_TRY(p_.queues.Sync());
  if (p_.index != nullptr) {
    COMET_TRY(p_.index->Flush(all || !synced_));
    marks.index_store_ms = std::max(marks.index_store_ms, p_.index->whole_to_ms());
  }
  synced_ = true;
  return p_.checkpoint.Write(marks);
}

}  // namespace comet::store
