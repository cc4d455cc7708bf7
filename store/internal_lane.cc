#include "store/internal_lane.h"

#include <memory>
#include <utility>

namespace comet::store {

void InternalLane::Connect(Appender& appender, std::unique_ptr<Stager> stager) {
  appender_ = &appender;
  MutexLock lock(mutex_);
  stager_ = std::move(stager);
}

Status InternalLane::Append(const wire::RecordSource& source, QueueSlot& queue, AckPolicy policy,
                            AppendCallback done) {
  StagedBatch batch;
  {
    MutexLock lock(mutex_);
    const std::uint32_t slot = Park(std::move(done));
    const Ticket ticket{kLoop, slot, waiters_[slot].generation};
    if (Status staged = stager_->Stage(source, queue, ticket, policy); !staged.ok()) {
      Unpark(ticket);
      return staged;
    }
    batch = stager_->Take();
  }
  appender_->Submit(std::move(batch));  // may answer at once, so without the lock
  return {};
}

void InternalLane::OnAcks(std::uint32_t loop, std::vector<Ack> acks) {
  if (loop != kLoop) {
    loops_.OnAcks(loop, std::move(acks));
    return;
  }
  std::vector<AppendCallback> callbacks;
  callbacks.reserve(acks.size());
  {
    MutexLock lock(mutex_);
    for (const Ack& ack : acks) callbacks.push_back(Unpark(ack.ticket));
  }
  for (std::size_t i = 0; i < acks.size(); ++i) callbacks[i](acks[i]);
}

std::uint32_t InternalLane::Park(AppendCallback done) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(waiters_.size()));
    waiters_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  waiters_[slot].done = std::move(done);
  return slot;
}

AppendCallback InternalLane::Unpark(const Ticket& ticket) {
  Waiter& waiter = waiters_[ticket.slot];
  COMET_CHECK_EQ(waiter.generation, ticket.generation);
  ++waiter.generation;
  free_.push_back(ticket.slot);
  return std::exchange(waiter.done, nullptr);
}

}  // namespace comet::store
