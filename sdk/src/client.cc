#include <comet/client.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/producer_impl.h"
#include "sdk/src/pull_consumer_impl.h"
#include "sdk/src/runtime.h"

namespace comet {

// Remembers what it has made, to close it before the connections.
class Client::Impl {
 public:
  explicit Impl(std::shared_ptr<client::Runtime> runtime) : runtime_(std::move(runtime)) {}

  client::Runtime& runtime() { return *runtime_; }
  std::shared_ptr<client::Runtime> shared_runtime() { return runtime_; }

  void Remember(const std::shared_ptr<Producer::Impl>& producer) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    std::erase_if(producers_, [](const auto& weak) { return weak.expired(); });
    producers_.push_back(producer);
  }
  void Remember(const std::shared_ptr<PullConsumer::Impl>& consumer) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    std::erase_if(consumers_, [](const auto& weak) { return weak.expired(); });
    consumers_.push_back(consumer);
  }

  Result<void> Close(std::chrono::milliseconds timeout) EXCLUDES(mutex_) {
    if (auto may = runtime_->MayWait("close()"); !may) return may;
    std::vector<std::weak_ptr<Producer::Impl>> producers;
    std::vector<std::weak_ptr<PullConsumer::Impl>> consumers;
    {
      MutexLock lock(mutex_);
      producers.swap(producers_);
      consumers.swap(consumers_);
    }
    Result<void> outcome;
    const MonoTime deadline = SystemClock().Now() + timeout;
    for (const auto& weak : producers) {
      const auto producer = weak.lock();
      if (!producer) continue;
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::max(deadline - SystemClock().Now(), Duration::zero()));
      if (auto closed = producer->Close(left); !closed) outcome = closed;
    }
    for (const auto& weak : consumers) {
      const auto consumer = weak.lock();
      if (!consumer) continue;
      if (auto closed = consumer->Close(); !closed) outcome = closed;
    }
    runtime_->Close();
    return outcome;
  }

 private:
  const std::shared_ptr<client::Runtime> runtime_;
  Mutex mutex_;
  std::vector<std::weak_ptr<Producer::Impl>> producers_ GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<PullConsumer::Impl>> consumers_ GUARDED_BY(mutex_);
};

namespace {

Result<void> CheckGroup(const std::string& group) {
  const Status legal = wire::CheckGroupName(group);
  if (!legal.ok()) return Error(Errc::invalid_argument, legal.message());
  return {};
}

}  // namespace

Client::Client(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;

Result<std::shared_ptr<Client>> Client::connect(ClientOptions options) {
  auto runtime = client::Runtime::Start(std::move(options));
  if (!runtime) return runtime.error();
  return std::make_shared<Client>(std::make_shared<Impl>(std::move(*runtime)));
}

Result<Producer> Client::producer(ProducerOptions options) {
  if (auto legal = CheckGroup(options.group); !legal) return legal.error();
  if (options.send_timeout.count() <= 0 || options.retries < 0 || options.max_pending == 0 ||
      options.default_topic_queues < 1) {
    return Error(Errc::invalid_argument,
                 "send_timeout, max_pending and default_topic_queues must be positive, retries not "
                 "negative");
  }
  auto producer = std::make_shared<Producer::Impl>(impl_->shared_runtime(), std::move(options));
  impl_->Remember(producer);
  return Producer(std::move(producer));
}

Result<PullConsumer> Client::pull_consumer(PullConsumerOptions options) {
  if (auto legal = CheckGroup(options.group); !legal) return legal.error();
  if (options.pull_batch < 1 || options.suspend.count() < 0) {
    return Error(Errc::invalid_argument, "pull_batch must be positive, suspend not negative");
  }
  auto consumer = std::make_shared<PullConsumer::Impl>(impl_->shared_runtime(), std::move(options));
  impl_->Remember(consumer);
  return PullConsumer(std::move(consumer));
}

Result<std::vector<Queue>> Client::queues(const std::string& topic) {
  if (auto may = impl_->runtime().MayWait("queues()"); !may) return may.error();
  auto route = impl_->runtime().routes().GetAndWait(topic);
  if (!route) return route.error();
  std::vector<Queue> queues = (*route)->readable;
  for (const Queue& queue : (*route)->writable) {
    if (std::find(queues.begin(), queues.end(), queue) == queues.end()) queues.push_back(queue);
  }
  return queues;
}

Result<void> Client::close(std::chrono::milliseconds timeout) {
  return impl_->Close(timeout);
}

}  // namespace comet
