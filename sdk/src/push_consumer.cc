#include <comet/push_consumer.h>

#include <utility>

#include "sdk/src/push_consumer_impl.h"

namespace comet {
namespace {

template <class AnyHandler>
client::Subscription MakeSubscription(const std::string& topic, Filter filter, AnyHandler handler) {
  client::Subscription subscription;
  subscription.topic = topic;
  subscription.filter = std::move(filter);
  subscription.handler = std::move(handler);
  return subscription;
}

}  // namespace

void Ack::Duty::Tell(bool done, int delay_level) {
  if (told_.exchange(true)) return;
  tell_(done, delay_level);
  tell_ = nullptr;
}

Ack& Ack::operator=(Ack&& other) noexcept {
  duty_.swap(other.duty_);
  return *this;
}

Ack::~Ack() = default;

void Ack::ack() {
  if (duty_) duty_->Tell(true, 0);
}

void Ack::retry_later(int delay_level) {
  if (duty_) duty_->Tell(false, delay_level);
}

PushConsumer::PushConsumer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
PushConsumer::PushConsumer(PushConsumer&&) noexcept = default;

PushConsumer& PushConsumer::operator=(PushConsumer&& other) noexcept {
  if (this != &other) {
    PushConsumer old(std::move(*this));
    impl_ = std::move(other.impl_);
  }
  return *this;
}

PushConsumer::~PushConsumer() {
  if (impl_ == nullptr) return;
  if (impl_->forked()) {
    // Threads of the parent held locks in there: it can be neither used nor destroyed.
    new std::shared_ptr<Impl>(std::move(impl_));  // NOLINT(cppcoreguidelines-owning-memory)
    return;
  }
  static_cast<void>(close());
}

Result<void> PushConsumer::subscribe(const std::string& topic, Filter filter, Handler handler) {
  return impl_->Subscribe(MakeSubscription(topic, std::move(filter), std::move(handler)));
}

Result<void> PushConsumer::subscribe_batch(const std::string& topic, Filter filter,
                                           BatchHandler handler) {
  return impl_->Subscribe(MakeSubscription(topic, std::move(filter), std::move(handler)));
}

Result<void> PushConsumer::subscribe_async(const std::string& topic, Filter filter,
                                           AsyncHandler handler) {
  return impl_->Subscribe(MakeSubscription(topic, std::move(filter), std::move(handler)));
}

Result<void> PushConsumer::subscribe_ordered(const std::string& topic, Filter filter,
                                             Handler handler) {
  auto subscription = MakeSubscription(topic, std::move(filter), std::move(handler));
  subscription.ordered = true;
  return impl_->Subscribe(std::move(subscription));
}

Result<void> PushConsumer::unsubscribe(const std::string& topic) {
  return impl_->Unsubscribe(topic);
}

Result<void> PushConsumer::start() {
  return impl_->Start();
}

void PushConsumer::pause() {
  if (!impl_->forked()) impl_->SetPaused(std::nullopt, true);
}

void PushConsumer::resume() {
  if (!impl_->forked()) impl_->SetPaused(std::nullopt, false);
}

void PushConsumer::pause(const std::string& topic) {
  if (!impl_->forked()) impl_->SetPaused(topic, true);
}

void PushConsumer::resume(const std::string& topic) {
  if (!impl_->forked()) impl_->SetPaused(topic, false);
}

Result<void> PushConsumer::close(std::chrono::milliseconds timeout) {
  return impl_->Close(timeout);
}

Result<void> PushConsumer::close() {
  return impl_->Close(impl_->options().drain);
}

std::vector<Queue> PushConsumer::assignment() const {
  return impl_->forked() ? std::vector<Queue>() : impl_->Assignment();
}

void PushConsumer::on_assignment(std::function<void(const std::vector<Queue>&)> callback) {
  if (!impl_->forked()) impl_->OnAssignment(std::move(callback));
}

Result<void> PushConsumer::seek(const Queue& queue, Position position) {
  return impl_->Seek(queue, position);
}

Result<void> PushConsumer::set_concurrency(int concurrency) {
  return impl_->SetConcurrency(concurrency);
}

ConsumerStats PushConsumer::stats() const {
  return impl_->forked() ? ConsumerStats() : impl_->Stats();
}

HealthReport PushConsumer::health() const {
  return impl_->forked() ? HealthReport() : impl_->Health();
}

bool PushConsumer::healthy() const {
  return health().healthy;
}

}  // namespace comet
