#include <comet/producer.h>

#include <utility>

#include "sdk/src/producer_impl.h"

namespace comet {

Producer::Producer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Producer::Producer(Producer&&) noexcept = default;

Producer& Producer::operator=(Producer&& other) noexcept {
  if (this != &other) {
    const Producer former(std::move(impl_));  // closes it
    impl_ = std::move(other.impl_);
  }
  return *this;
}

Producer::~Producer() {
  if (!impl_) return;
  if (impl_->forked()) {
    // Threads of the parent held locks in there: it can be neither used nor destroyed.
    new std::shared_ptr<Impl>(std::move(impl_));  // NOLINT(cppcoreguidelines-owning-memory)
    return;
  }
  static_cast<void>(close());
}

Result<SendReceipt> Producer::send(Message message, Timeout timeout) {
  return impl_->Send(std::move(message), {}, timeout);
}

Result<SendReceipt> Producer::send(Message message, const Queue& queue, Timeout timeout) {
  return impl_->Send(std::move(message), {.queue = queue, .ordering_key = {}, .selector = {}},
                     timeout);
}

Result<SendReceipt> Producer::send(Message message, const QueueSelector& selector,
                                   Timeout timeout) {
  return impl_->Send(std::move(message), {.queue = {}, .ordering_key = {}, .selector = selector},
                     timeout);
}

Result<SendReceipt> Producer::send_batch(std::vector<Message> messages, Timeout timeout) {
  return impl_->SendBatch(std::move(messages), timeout);
}

Result<void> Producer::send_async(Message message, SendCallback done, Timeout timeout) {
  return impl_->SendAsync(std::move(message), {}, std::move(done), timeout);
}

Result<void> Producer::send_async(Message message, const Queue& queue, SendCallback done,
                                  Timeout timeout) {
  return impl_->SendAsync(std::move(message), {.queue = queue, .ordering_key = {}, .selector = {}},
                          std::move(done), timeout);
}

Result<void> Producer::send_async(Message message, QueueSelector selector, SendCallback done,
                                  Timeout timeout) {
  return impl_->SendAsync(std::move(message),
                          {.queue = {}, .ordering_key = {}, .selector = std::move(selector)},
                          std::move(done), timeout);
}

Result<void> Producer::send_oneway(Message message) {
  return impl_->SendOneway(std::move(message));
}

Result<std::vector<Queue>> Producer::queues(const std::string& topic) {
  return impl_->Queues(topic);
}

ProducerStats Producer::stats() const {
  return impl_->Stats();
}

std::size_t Producer::pending() const {
  return impl_->pending();
}

Result<void> Producer::flush(std::chrono::milliseconds timeout) {
  return impl_->Flush(timeout);
}

Result<void> Producer::close(std::chrono::milliseconds timeout) {
  return impl_->Close(timeout);
}

}  // namespace comet
