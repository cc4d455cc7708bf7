#include <comet/pull_consumer.h>

#include <utility>

#include "sdk/src/pull_consumer_impl.h"

namespace comet {

PullConsumer::PullConsumer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
PullConsumer::PullConsumer(PullConsumer&&) noexcept = default;

PullConsumer& PullConsumer::operator=(PullConsumer&& other) noexcept {
  if (this != &other) {
    PullConsumer old(std::move(*this));
    impl_ = std::move(other.impl_);
  }
  return *this;
}

PullConsumer::~PullConsumer() {
  if (impl_ == nullptr) return;
  if (impl_->forked()) {
    // Threads of the parent held locks in there: it can be neither used nor destroyed.
    new std::shared_ptr<Impl>(std::move(impl_));  // NOLINT(cppcoreguidelines-owning-memory)
    return;
  }
  static_cast<void>(impl_->Close());
}

Result<std::vector<Queue>> PullConsumer::queues(const std::string& topic) {
  return impl_->Queues(topic);
}

Result<PullBatch> PullConsumer::pull(const Queue& queue, std::int64_t offset, int max,
                                     const Filter& filter, Timeout timeout) {
  return impl_->Pull(queue, offset, max, filter, timeout);
}

Result<void> PullConsumer::assign(std::vector<Queue> queues, Filter filter) {
  return impl_->Assign(std::move(queues), std::move(filter));
}

Result<void> PullConsumer::subscribe(const std::string& topic, Filter filter) {
  return impl_->Subscribe(topic, std::move(filter));
}

std::vector<Queue> PullConsumer::assignment() const {
  return impl_->forked() ? std::vector<Queue>() : impl_->Assignment();
}

Result<std::vector<MessageView>> PullConsumer::poll(Timeout timeout) {
  return impl_->Poll(timeout);
}

Result<void> PullConsumer::seek(const Queue& queue, Position position) {
  return impl_->Seek(queue, position);
}

void PullConsumer::pause(const Queue& queue) {
  if (!impl_->forked()) impl_->SetPaused(queue, true);
}

void PullConsumer::resume(const Queue& queue) {
  if (!impl_->forked()) impl_->SetPaused(queue, false);
}

Result<void> PullConsumer::commit() {
  return impl_->Commit();
}

Result<void> PullConsumer::commit(const Queue& queue, std::int64_t offset) {
  return impl_->Commit(queue, offset);
}

Result<std::int64_t> PullConsumer::committed(const Queue& queue) {
  return impl_->calls().Committed(queue);
}

Result<std::int64_t> PullConsumer::begin_offset(const Queue& queue) {
  return impl_->calls().BeginOffset(queue);
}

Result<std::int64_t> PullConsumer::end_offset(const Queue& queue) {
  return impl_->calls().EndOffset(queue);
}

Result<std::int64_t> PullConsumer::offset_for_time(const Queue& queue,
                                                   std::chrono::system_clock::time_point time) {
  return impl_->calls().OffsetForTime(queue, time);
}

Result<void> PullConsumer::close() {
  return impl_->Close();
}

}  // namespace comet
