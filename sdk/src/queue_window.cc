#include "sdk/src/queue_window.h"

#include <algorithm>
#include <utility>

namespace comet::client {

std::size_t QueueWindow::BytesOf(const Pulled& pulled, std::size_t index) {
  const MessageView::Data& message = pulled.batch->messages[index];
  return message.record.bytes + message.decompressed.size();
}

void QueueWindow::Add(std::shared_ptr<const MessageBatch> batch, std::int64_t next) {
  next_ = next;
  if (batch == nullptr || batch->messages.empty()) return;
  auto pulled = std::make_shared<Pulled>();
  pulled->slots.resize(batch->messages.size());
  pulled->batch = std::move(batch);
  count_ += pulled->slots.size();
  for (std::size_t i = 0; i < pulled->slots.size(); ++i) bytes_ += BytesOf(*pulled, i);
  pulled_.push_back(std::move(pulled));
}

bool QueueWindow::HasWaiting() const {
  return !put_back_.empty() || untaken_ < pulled_.size();
}

// Where a chunk of [begin, end) ends so that an unreadable message is alone.
std::size_t QueueWindow::EndOf(const Pulled& pulled, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (!pulled.batch->messages[i].unreadable.empty()) return std::max(i, begin + 1);
  }
  return end;
}

QueueWindow::Chunk QueueWindow::Take(std::size_t max, MonoTime now) {
  Chunk chunk;
  if (!put_back_.empty()) {
    Chunk& first = put_back_.front();
    chunk = {first.pulled, first.begin,
             EndOf(*first.pulled, first.begin, std::min(first.end, first.begin + max))};
    first.begin = chunk.end;
    if (first.empty()) put_back_.pop_front();
  } else if (untaken_ < pulled_.size()) {
    const auto& pulled = pulled_[untaken_];
    const std::size_t end = std::min(pulled->slots.size(), pulled->taken + max);
    chunk = {pulled, pulled->taken, EndOf(*pulled, pulled->taken, end)};
    pulled->taken = chunk.end;
    if (pulled->taken == pulled->slots.size()) ++untaken_;
  }
  for (std::size_t i = chunk.begin; i < chunk.end; ++i) {
    chunk.pulled->slots[i] = {State::kWorking, now};
  }
  working_ += chunk.size();
  return chunk;
}

void QueueWindow::PutBack(const Chunk& chunk) {
  for (std::size_t i = chunk.end; i > chunk.begin; --i) {
    Pulled::Slot& slot = chunk.pulled->slots[i - 1];
    if (slot.state != State::kWorking) continue;
    slot.state = State::kWaiting;
    --working_;
    const bool before_first = !put_back_.empty() && put_back_.front().pulled == chunk.pulled &&
                              put_back_.front().begin == i;
    if (before_first) {
      --put_back_.front().begin;
    } else {
      put_back_.push_front(chunk.one(i - 1));
    }
  }
}

std::size_t QueueWindow::Finish(const Chunk& chunk, State from) {
  std::size_t finished = 0;
  for (std::size_t i = chunk.begin; i < chunk.end; ++i) {
    Pulled::Slot& slot = chunk.pulled->slots[i];
    if (slot.state != from) continue;
    slot.state = State::kDone;
    bytes_ -= BytesOf(*chunk.pulled, i);
    ++finished;
  }
  count_ -= finished;
  working_ -= finished;
  Pulled& pulled = *chunk.pulled;
  while (pulled.low < pulled.slots.size() && pulled.slots[pulled.low].state == State::kDone) {
    ++pulled.low;
  }
  DropFinished();
  return finished;
}

std::vector<QueueWindow::Chunk> QueueWindow::GiveUp(MonoTime before) {
  std::vector<Chunk> overdue;
  for (const auto& pulled : pulled_) {
    for (std::size_t i = pulled->low; i < pulled->taken; ++i) {
      Pulled::Slot& slot = pulled->slots[i];
      if (slot.state != State::kWorking || slot.since >= before) continue;
      slot.state = State::kGivenUp;
      overdue.push_back({pulled, i, i + 1});
    }
  }
  return overdue;
}

void QueueWindow::DropFinished() {
  while (!pulled_.empty() && pulled_.front()->low == pulled_.front()->slots.size()) {
    pulled_.pop_front();
    --untaken_;
  }
}

std::int64_t QueueWindow::CommitOffset() const {
  if (pulled_.empty()) return next_;
  const Pulled& first = *pulled_.front();
  return first.batch->messages[first.low].record.queue_offset;
}

std::int64_t QueueWindow::span() const {
  if (pulled_.empty()) return 0;
  return pulled_.back()->batch->messages.back().record.queue_offset - CommitOffset();
}

}  // namespace comet::client
