#include "sdk/src/push_consumer_impl.h"

#include <algorithm>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/queue_locks.h"

namespace comet {

using client::ProcessQueuePtr;

namespace {

constexpr Duration kOverdueCheck = std::chrono::minutes(1);
constexpr std::chrono::milliseconds kUnansweredMax = std::chrono::minutes(2);

Result<void> CheckSubscription(const client::Subscription& subscription,
                               const std::string& retry_topic) {
  const Status legal = wire::CheckTopicName(subscription.topic);
  if (!legal.ok()) return Error(Errc::invalid_argument, legal.message());
  if (subscription.topic == retry_topic) {
    return Error(Errc::invalid_argument,
                 "messages that come again reach the handlers of their own topics: the retry topic "
                 "needs no subscription");
  }
  const bool callable = std::visit(
      [](const auto& handler) {
        if constexpr (std::is_same_v<std::decay_t<decltype(handler)>, std::monostate>) {
          return false;
        } else {
          return static_cast<bool>(handler);
        }
      },
      subscription.handler);
  if (!callable) return Error(Errc::invalid_argument, "a subscription needs a handler");
  return {};
}

}  // namespace

PushConsumer::Impl::Impl(std::shared_ptr<client::Runtime> runtime, PushConsumerOptions options)
    : runtime_(std::move(runtime)),
      options_(std::move(options)),
      retry_topic_(wire::RetryTopicOf(options_.group)),
      strategy_(options_.allocation == nullptr ? averagely() : options_.allocation),
      threads_(std::make_shared<client::HandlerThreads>(
          options_.concurrency,
          [weak = std::weak_ptr(runtime_)](Duration delay, Task task) {
            if (const auto alive = weak.lock()) alive->After(delay, std::move(task));
          })),
      calls_(runtime_, options_.group),
      offset_file_(files_,
                   options_.offset_folder.empty()
                       ? std::string()
                       : Concat(options_.offset_folder, "/", options_.group, "/offsets.json")),
      metrics_(runtime_->options().metrics, options_.group) {}

Result<void> PushConsumer::Impl::RefuseIfClosed() const {
  if (auto here = runtime_->RefuseIfForked(); !here) return here;
  const State state = state_.load();
  if (state != State::kClosing && state != State::kClosed) return {};
  return Error(Errc::closed, "the consumer has been closed");
}

Result<void> PushConsumer::Impl::Subscribe(client::Subscription subscription) {
  if (auto open = RefuseIfClosed(); !open) return open;
  if (auto legal = CheckSubscription(subscription, retry_topic_); !legal) return legal;
  auto filter = client::Normalized(subscription.filter);
  if (!filter) return filter.error();
  subscription.filter = std::move(*filter);
  subscription.wanted = client::TagExpression(subscription.filter.expression);
  subscriptions_.Put(std::move(subscription));
  if (running()) BeatAndRebalance();
  return {};
}

Result<void> PushConsumer::Impl::Unsubscribe(const std::string& topic) {
  if (auto open = RefuseIfClosed(); !open) return open;
  if (topic == retry_topic_ || !subscriptions_.Remove(topic)) {
    return Error(Errc::invalid_argument, Concat("there is no subscription of topic ", topic));
  }
  for (const ProcessQueuePtr& queue : Queues()) {
    if (queue->queue().topic == topic) DropQueue(queue);
  }
  TellAssignment();
  if (running()) BeatAndRebalance();
  return {};
}

Result<void> PushConsumer::Impl::Start() {
  if (auto open = RefuseIfClosed(); !open) return open;
  if (auto may = runtime_->MayWait("start()"); !may) return may;
  if (options_.model == Model::broadcasting) {
    if (const Status loaded = offset_file_.Load(); !loaded.ok()) {
      return Error(Errc::invalid_argument, loaded.message());
    }
  }
  {
    MutexLock lock(mutex_);
    if (state_.load() != State::kNew) {
      return Error(Errc::invalid_argument, "the consumer has been started before");
    }
    if (auto joined = runtime_->AddConsumer(calls_.wire_group(), shared_from_this()); !joined) {
      return joined;
    }
    state_.store(State::kStarted);
  }
  start_ms_.store(SystemClock().WallNow());
  if (options_.model == Model::clustering) {
    client::Subscription returned;
    returned.topic = retry_topic_;
    subscriptions_.Put(std::move(returned));
  }
  Repeat(options_.rebalance_interval, &Impl::RequestRebalance);
  Repeat(options_.commit_interval, &Impl::CommitChanged);
  Repeat(client::kLockRenewal, &Impl::RenewLocks);
  Repeat(std::min<Duration>(options_.handler_timeout, kOverdueCheck), &Impl::GiveUpOverdue);
  runtime_->Work([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->JoinGroup();
  });
  const MonoTime deadline = SystemClock().Now() + runtime_->options().request_timeout;
  MutexLock lock(mutex_);
  while (!balanced_ && running()) {
    const Duration left = deadline - SystemClock().Now();
    if (left <= Duration::zero()) break;
    changed_.WaitFor(mutex_, left);
  }
  return {};
}

// Brokers must know of this client before they are asked for the members of its group.
void PushConsumer::Impl::JoinGroup() {
  for (const auto& subscription : subscriptions_.All()) {
    if (!running()) return;
    static_cast<void>(runtime_->routes().GetAndWait(subscription->topic));
  }
  BeatAndRebalance();
}

void PushConsumer::Impl::BeatAndRebalance() {
  runtime_->BeatNow([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->RequestRebalance();
  });
}

void PushConsumer::Impl::Repeat(Duration interval, void (Impl::*fn)()) {
  runtime_->After(interval, [weak = weak_from_this(), interval, fn] {
    const auto self = weak.lock();
    if (self == nullptr || !self->running()) return;
    (self.get()->*fn)();
    self->Repeat(interval, fn);
  });
}

void PushConsumer::Impl::Log(Severity severity, std::string_view text) const {
  runtime_->Log(severity, "push consumer", Concat(options_.group, ": ", text));
}

wire::ConsumerData PushConsumer::Impl::Describe() const {
  wire::ConsumerData data;
  data.group = calls_.wire_group();
  data.type = wire::ConsumeType::kPassively;
  data.model = options_.model == Model::clustering ? wire::MessageModel::kClustering
                                                   : wire::MessageModel::kBroadcasting;
  switch (options_.start.kind) {
    case StartFrom::Kind::last:
      data.from_where = wire::ConsumeFromWhere::kLastOffset;
      break;
    case StartFrom::Kind::first:
      data.from_where = wire::ConsumeFromWhere::kFirstOffset;
      break;
    case StartFrom::Kind::time:
      data.from_where = wire::ConsumeFromWhere::kTimestamp;
      break;
  }
  data.unit_mode = !runtime_->options().unit_name.empty();
  for (const auto& subscription : subscriptions_.All()) {
    data.subscriptions.push_back(client::Describe(*subscription, runtime_->options().name_space));
  }
  return data;
}

std::vector<ProcessQueuePtr> PushConsumer::Impl::Queues() const {
  std::vector<ProcessQueuePtr> queues;
  MutexLock lock(mutex_);
  queues.reserve(queues_.size());
  for (const auto& [place, queue] : queues_) queues.push_back(queue);
  return queues;
}

ProcessQueuePtr PushConsumer::Impl::FindQueue(const Queue& queue) const {
  MutexLock lock(mutex_);
  const auto found = queues_.find(queue);
  return found == queues_.end() ? nullptr : found->second;
}

std::vector<Queue> PushConsumer::Impl::Assignment() const {
  std::vector<Queue> queues;
  MutexLock lock(mutex_);
  for (const auto& [queue, state] : queues_) {
    if (queue.topic != retry_topic_) queues.push_back(queue);
  }
  return queues;
}

void PushConsumer::Impl::OnAssignment(std::function<void(const std::vector<Queue>&)> callback) {
  MutexLock lock(mutex_);
  on_assignment_.swap(callback);
}

void PushConsumer::Impl::SetPaused(const std::optional<std::string>& topic, bool paused) {
  std::vector<std::pair<ProcessQueuePtr, bool>> queues;
  {
    MutexLock lock(mutex_);
    if (!topic) {
      paused_ = paused;
      if (!paused) paused_topics_.clear();
    } else if (paused) {
      paused_topics_.insert(*topic);
    } else {
      paused_topics_.erase(*topic);
    }
    for (const auto& [place, queue] : queues_) {
      queues.emplace_back(queue, IsPaused(place.topic));
      queue->SetPaused(queues.back().second);
    }
  }
  for (const auto& [queue, still] : queues) {
    if (still) continue;
    SubmitWork(queue);
    Pull(queue);
  }
}

Result<void> PushConsumer::Impl::Seek(const Queue& queue, Position position) {
  if (auto open = RefuseIfClosed(); !open) return open;
  const Error not_owner(Errc::not_owner, Concat("queue ", queue.to_string(), " is not assigned"));
  if (FindQueue(queue) == nullptr) return not_owner;
  auto offset = calls_.Resolve(queue, position);
  if (!offset) return offset.error();
  if (*offset < 0) return Error(Errc::invalid_argument, Concat("offset ", *offset));
  for (ProcessQueuePtr found = FindQueue(queue); found != nullptr; found = FindQueue(queue)) {
    if (Replace(found, found->subscription(), *offset)) return {};
    if (!running()) return RefuseIfClosed();
  }
  return not_owner;
}

Result<void> PushConsumer::Impl::SetConcurrency(int concurrency) {
  if (auto open = RefuseIfClosed(); !open) return open;
  if (concurrency < 1) return Error(Errc::invalid_argument, "concurrency must be positive");
  threads_->SetLimit(concurrency);
  return {};
}

ConsumerStats PushConsumer::Impl::Stats() const {
  ConsumerStats stats;
  stats.pulled = pulled_.load();
  stats.acked = acked_.load();
  stats.retried = retried_.load();
  stats.failed_pulls = failed_pulls_.load();
  stats.cached_bytes = cached_bytes_.load();
  for (const ProcessQueuePtr& queue : Queues()) stats.cached += queue->cached().messages;
  stats.threads = threads_->count();
  return stats;
}

HealthReport PushConsumer::Impl::Health() const {
  HealthReport report;
  report.healthy = running();
  for (const ProcessQueuePtr& queue : Queues()) {
    report.queues.push_back(queue->health());
    const QueueHealth& health = report.queues.back();
    if (!health.paused && health.since_answer > kUnansweredMax) report.healthy = false;
  }
  MutexLock lock(mutex_);
  report.error = rebalance_error_;
  return report;
}

}  // namespace comet
