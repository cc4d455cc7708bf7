#include <comet/client.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/producer_impl.h"
#include "sdk/src/pull_consumer_impl.h"
#include "sdk/src/push_consumer_impl.h"
#include "sdk/src/runtime.h"
#include "sdk/src/wait_time.h"

namespace comet {

// Remembers what it has made, to close it before the connections.
class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
 public:
  explicit Impl(std::shared_ptr<client::Runtime> runtime) : runtime_(std::move(runtime)) {}

  client::Runtime& runtime() { return *runtime_; }
  std::shared_ptr<client::Runtime> shared_runtime() { return runtime_; }

  template <class Made>
  void Remember(const std::shared_ptr<Made>& made) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    auto& list = std::get<std::vector<std::weak_ptr<Made>>>(made_);
    std::erase_if(list, [](const auto& weak) { return weak.expired(); });
    list.push_back(made);
  }

  Result<void> Close(std::chrono::milliseconds timeout) EXCLUDES(mutex_) {
    if (auto here = runtime_->RefuseIfForked(); !here) return here;
    const MonoTime deadline = SystemClock().Now() + client::Bounded(timeout);
    if (PushConsumer::Impl::CallbackScope::inside()) {
      std::thread([self = shared_from_this(), deadline] {
        static_cast<void>(self->CloseAll(deadline));
      }).detach();
      return {};
    }
    if (auto may = runtime_->MayWait("close()"); !may) return may;
    return CloseAll(deadline);
  }

 private:
  // Push consumers first: their handlers may use the others.
  Result<void> CloseAll(MonoTime deadline) EXCLUDES(mutex_) {
    Made made;
    {
      MutexLock lock(mutex_);
      if (std::exchange(closing_, true)) return AwaitClosed(deadline);
      made.swap(made_);
    }
    Result<void> outcome;
    const auto close = [&](const auto& list, const auto& close_one) {
      for (const auto& weak : list) {
        const auto one = weak.lock();
        if (!one) continue;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::max(deadline - SystemClock().Now(), Duration::zero()));
        if (auto closed = close_one(*one, left); !closed) outcome = closed;
      }
    };
    close(std::get<0>(made), [](auto& one, auto left) { return one.Close(left); });
    close(std::get<1>(made), [](auto& one, auto left) { return one.Close(left); });
    close(std::get<2>(made), [](auto& one, auto /*left*/) { return one.Close(); });
    runtime_->Close();
    MutexLock lock(mutex_);
    closed_ = true;
    changed_.NotifyAll();
    return outcome;
  }

  // Who comes second returns no earlier: callbacks of what is being closed still run.
  Result<void> AwaitClosed(MonoTime deadline) REQUIRES(mutex_) {
    while (!closed_) {
      const Duration left = deadline - SystemClock().Now();
      if (left <= Duration::zero()) return Error(Errc::timeout, "the client is being closed");
      changed_.WaitFor(mutex_, left);
    }
    return {};
  }

  using Made = std::tuple<std::vector<std::weak_ptr<PushConsumer::Impl>>,
                          std::vector<std::weak_ptr<Producer::Impl>>,
                          std::vector<std::weak_ptr<PullConsumer::Impl>>>;

  const std::shared_ptr<client::Runtime> runtime_;
  Mutex mutex_;
  CondVar changed_;
  bool closing_ GUARDED_BY(mutex_) = false, closed_ GUARDED_BY(mutex_) = false;
  Made made_ GUARDED_BY(mutex_);
};

namespace {

Result<void> Check(const PushConsumerOptions& options) {
  const bool positive = options.concurrency > 0 && options.batch > 0 && options.pull_batch > 0 &&
                        options.pull_batch_bytes > 0 && options.cache_messages > 0 &&
                        options.cache_bytes > 0 && options.total_cache_bytes > 0 &&
                        options.max_span > 0 && options.handler_timeout.count() > 0 &&
                        options.rebalance_interval.count() > 0 &&
                        options.commit_interval.count() > 0;
  if (!positive || options.max_reconsume < -1 || options.suspend.count() < 0 ||
      options.drain.count() < 0 || options.suspend_time.count() < 0) {
    return Error(Errc::invalid_argument,
                 "counts, sizes and intervals must be positive, waiting times not negative, "
                 "max_reconsume at least -1");
  }
  if (options.batch > 1024 || options.pull_batch > 1024 || options.concurrency > 4096) {
    return Error(Errc::invalid_argument,
                 "batch and pull_batch are limited to 1024, concurrency to 4096");
  }
  return {};
}

Result<void> CheckGroup(const std::string& group) {
  const Status legal = wire::CheckGroupName(group);
  if (!legal.ok()) return Error(Errc::invalid_argument, legal.message());
  return {};
}

}  // namespace

Client::Client(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Client::~Client() {
  if (impl_ == nullptr || !impl_->runtime().forked()) return;
  // Threads of the parent held locks in there: it can be neither used nor destroyed.
  new std::shared_ptr<Impl>(std::move(impl_));  // NOLINT(cppcoreguidelines-owning-memory)
}

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

Result<PushConsumer> Client::push_consumer(PushConsumerOptions options) {
  if (auto here = impl_->runtime().RefuseIfForked(); !here) return here.error();
  if (auto legal = CheckGroup(options.group); !legal) return legal.error();
  if (auto legal = Check(options); !legal) return legal.error();
  auto consumer = std::make_shared<PushConsumer::Impl>(impl_->shared_runtime(), std::move(options));
  impl_->Remember(consumer);
  return PushConsumer(std::move(consumer));
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
