#include "sdk/src/pull_consumer_impl.h"

#include <algorithm>
#include <future>
#include <set>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/message_data.h"
#include "sdk/src/wait_time.h"

namespace comet {
namespace {

using client::FromResponse;
using client::FromStatus;
using wire::ResponseCode;

constexpr Duration kPauseAfterFailedPull = std::chrono::milliseconds(500);  // of a queue's pull

std::optional<PullStatus> PullStatusOf(std::int32_t code) {
  switch (code) {
    case ResponseCode::kSuccess:
      return PullStatus::found;
    case ResponseCode::kPullNotFound:
      return PullStatus::no_new;
    case ResponseCode::kPullRetryImmediately:
      return PullStatus::no_match;
    case ResponseCode::kPullOffsetMoved:
      return PullStatus::offset_illegal;
    default:
      return std::nullopt;
  }
}

Error Closed() {
  return {Errc::closed, "the consumer has been closed"};
}

Error NotAssigned(const Queue& queue) {
  return {Errc::not_owner, Concat("queue ", queue.to_string(), " is not assigned")};
}

}  // namespace

// Up to the first message that cannot be read; if that is the first of all, it is the answer.
PullConsumer::Impl::Answer PullConsumer::Impl::ReadAnswer(
    const Queue& queue, const std::string& address, const std::string& expression,
    const net::Answer<wire::PullMessage>& answer) {
  const std::string what = Concat("pulling from ", queue.to_string());
  const auto status = PullStatusOf(answer.code);
  if (!status) return {FromResponse(answer.code, answer.remark, what, address)};
  PullBatch batch;
  batch.status = *status;
  batch.next_offset = answer.reply.next_offset;
  batch.min_offset = answer.reply.min_offset;
  batch.max_offset = answer.reply.max_offset;
  auto read = client::ReadBatch(std::string(answer.body), queue.broker);
  if (!read.ok()) return {FromStatus(read.error(), what, address)};
  const std::shared_ptr<const client::MessageBatch> all = read.Take();
  const client::TagExpression wanted(expression);
  for (std::size_t i = 0; i < all->messages.size(); ++i) {
    MessageView message = client::ViewOf(all, i);
    if (!wanted.Matches(message.tag())) continue;
    if (all->messages[i].unreadable.empty()) {
      batch.messages.push_back(std::move(message));
      continue;
    }
    if (batch.messages.empty()) {
      const Status damage(Status::Code::kCorruption, client::Complaint(all->messages[i]));
      return {FromStatus(damage, what, address), message.queue_offset() + 1};
    }
    batch.next_offset = message.queue_offset();
    break;
  }
  if (batch.status == PullStatus::found && batch.messages.empty()) {
    batch.status = PullStatus::no_match;
  }
  return {std::move(batch)};
}

PullConsumer::Impl::Impl(std::shared_ptr<client::Runtime> runtime, PullConsumerOptions options)
    : runtime_(std::move(runtime)),
      options_(std::move(options)),
      calls_(runtime_, options_.group),
      strategy_(options_.allocation == nullptr ? averagely() : options_.allocation) {}

Result<std::vector<Queue>> PullConsumer::Impl::Queues(const std::string& topic) {
  if (auto may = runtime_->MayWait("queues()"); !may) return may.error();
  auto route = runtime_->routes().GetAndWait(topic);
  if (!route) return route.error();
  return (*route)->readable;
}

void PullConsumer::Impl::PullAsync(const Queue& queue, std::int64_t offset, int max,
                                   const Filter& filter, Duration suspend, PullCallback done) {
  runtime_->routes().Get(queue.topic, [weak = weak_from_this(), queue, offset, max, filter, suspend,
                                       done = std::move(done)](
                                          Result<client::RoutePtr> route) mutable {
    const auto self = weak.lock();
    if (!self) return done({Closed()});
    if (!route) return done({route.error()});
    const std::string address = (*route)->ReaderOf(queue.broker, 0);
    if (address.empty()) {
      return done({Error(Errc::no_route,
                         Concat("no broker called ", queue.broker, " has topic ", queue.topic))});
    }
    wire::PullMessage::Header header;
    header.consumer_group = self->calls_.wire_group();
    header.topic = (*route)->wire_topic;
    header.queue_id = queue.id;
    header.queue_offset = offset;
    header.max_messages = max;
    header.sys_flag = wire::pull_flag::kSubscription;
    if (suspend.count() > 0) header.sys_flag |= wire::pull_flag::kSuspend;
    header.suspend_timeout_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(suspend).count();
    header.subscription = filter.expression;
    header.expression_type = "TAG";
    net::CallOptions call;
    call.timeout = suspend + self->runtime_->options().request_timeout;
    self->runtime_->ServerAt(address)->Call<wire::PullMessage>(
        header, {}, call,
        [weak, queue, address, expression = filter.expression,
         done = std::move(done)](StatusOr<net::Answer<wire::PullMessage>> answer) mutable {
          const auto alive = weak.lock();
          if (!alive) return done({Closed()});
          if (!answer.ok()) {
            alive->runtime_->routes().Distrust(queue.topic);
            return done(
                {FromStatus(answer.error(), Concat("pulling from ", queue.to_string()), address)});
          }
          done(ReadAnswer(queue, address, expression, *answer));
        });
  });
}

Result<PullBatch> PullConsumer::Impl::Pull(const Queue& queue, std::int64_t offset, int max,
                                           const Filter& filter, Timeout timeout) {
  if (max < 1 || offset < 0) {
    return Error(Errc::invalid_argument, Concat("pull of ", max, " messages from offset ", offset));
  }
  if (auto may = runtime_->MayWait("pull()"); !may) return may.error();
  auto wanted = client::Normalized(filter);
  if (!wanted) return wanted.error();
  std::promise<Result<PullBatch>> answer;
  auto future = answer.get_future();
  PullAsync(queue, offset, max, *wanted, std::min(timeout, options_.suspend),
            [&answer](Answer pulled) { answer.set_value(std::move(pulled.batch)); });
  return future.get();
}

Result<void> PullConsumer::Impl::Commit(const Queue& queue, std::int64_t offset) {
  if (offset < 0) return Error(Errc::invalid_argument, Concat("commit of offset ", offset));
  return calls_.Commit(queue, offset);
}

Result<PullConsumer::Impl::Assigned> PullConsumer::Impl::MakeAssigned(const Queue& queue,
                                                                      Filter filter) {
  auto committed = calls_.Committed(queue);
  if (!committed) return committed.error();
  auto start = *committed >= 0 ? committed : calls_.Resolve(queue, options_.start);
  if (!start) return start.error();
  Assigned assigned;
  assigned.next = *start;
  assigned.returned = *start;
  assigned.committed = *committed;  // none: the next commit() stores where this group begins
  assigned.filter = std::move(filter);
  return assigned;
}

Result<void> PullConsumer::Impl::Assign(std::vector<Queue> queues, Filter filter) {
  auto wanted = client::Normalized(filter);
  if (!wanted) return wanted.error();
  filter = std::move(*wanted);
  {
    MutexLock lock(mutex_);
    if (closed_) return Closed();
    if (mode_ == Mode::kSubscribe) {
      return Error(Errc::invalid_argument, "a consumer either subscribes or assigns queues");
    }
    mode_ = Mode::kAssign;
  }
  std::map<Queue, Assigned> fresh;
  std::set<std::string> topics;
  for (const Queue& queue : queues) {
    auto assigned = MakeAssigned(queue, filter);
    if (!assigned) return assigned.error();
    fresh[queue] = std::move(*assigned);
    topics.insert(queue.topic);
  }
  for (const std::string& topic : topics) {
    client::Subscription subscription;
    subscription.topic = topic;
    subscription.filter = filter;
    subscription.wanted = client::TagExpression(filter.expression);
    subscriptions_.Put(std::move(subscription));
  }
  // Brokers shall know of it. Where the group has another consumer in this client they already do.
  if (Join()) runtime_->BeatNow();
  MutexLock lock(mutex_);
  for (auto& [queue, assigned] : fresh) assigned.generation = ++generations_;
  assigned_ = std::move(fresh);
  next_commit_ = SystemClock().Now() + options_.commit_interval;
  return {};
}

bool PullConsumer::Impl::closed() const {
  MutexLock lock(mutex_);
  return closed_;
}

std::vector<Queue> PullConsumer::Impl::Assignment() const {
  MutexLock lock(mutex_);
  std::vector<Queue> queues;
  for (const auto& [queue, assigned] : assigned_) queues.push_back(queue);
  return queues;
}

void PullConsumer::Impl::PullWhereIdle() {
  struct Wanted {
    Queue queue;
    std::int64_t offset;
    std::uint64_t generation;
    Filter filter;
  };
  std::vector<Wanted> wanted;
  const MonoTime now = SystemClock().Now();
  {
    MutexLock lock(mutex_);
    for (auto& [queue, assigned] : assigned_) {
      if (assigned.pulling || assigned.paused || !assigned.arrived.empty()) continue;
      if (assigned.unreadable) continue;
      if (assigned.not_before > now) continue;
      assigned.pulling = true;
      wanted.push_back({queue, assigned.next, assigned.generation, assigned.filter});
    }
  }
  for (const Wanted& pull : wanted) {
    PullAsync(pull.queue, pull.offset, options_.pull_batch, pull.filter, options_.suspend,
              [weak = weak_from_this(), pull](Answer answer) {
                const auto self = weak.lock();
                if (self) self->OnAnswer(pull.queue, pull.generation, std::move(answer));
              });
  }
}

void PullConsumer::Impl::OnAnswer(const Queue& queue, std::uint64_t generation, Answer answer) {
  Result<PullBatch>& batch = answer.batch;
  if (answer.behind) {
    runtime_->Log(Severity::warning, "pull consumer", batch.error().message());
  }
  MutexLock lock(mutex_);
  const auto found = assigned_.find(queue);
  if (found == assigned_.end() || found->second.generation != generation) return;
  Assigned& assigned = found->second;
  assigned.pulling = false;
  if (answer.behind) {
    assigned.unreadable = batch.error();
    assigned.next = *answer.behind;
  } else if (!batch) {
    failure_ = batch.error();
    assigned.not_before = SystemClock().Now() + kPauseAfterFailedPull;
  } else {
    assigned.next = batch->next_offset;
    if (batch->messages.empty()) {
      if (assigned.arrived.empty()) assigned.returned = batch->next_offset;
      if (options_.suspend.count() <= 0 && batch->status == PullStatus::no_new) {
        assigned.not_before = SystemClock().Now() + client::kPauseWithoutSuspend;
      }
    } else {
      assigned.arrived.push_back(std::move(*batch));
    }
  }
  arrived_.NotifyAll();
}

std::optional<Result<std::vector<MessageView>>> PullConsumer::Impl::TakeArrived() {
  auto at = assigned_.upper_bound(last_taken_);
  for (std::size_t i = 0; i < assigned_.size(); ++i, ++at) {
    if (at == assigned_.end()) at = assigned_.begin();
    Assigned& assigned = at->second;
    if (assigned.paused) continue;
    if (assigned.unreadable) {
      const Error unreadable = *std::exchange(assigned.unreadable, std::nullopt);
      assigned.returned = assigned.next;
      last_taken_ = at->first;
      return unreadable;
    }
    if (assigned.arrived.empty()) continue;
    PullBatch batch = std::move(assigned.arrived.front());
    assigned.arrived.pop_front();
    assigned.returned = batch.next_offset;
    last_taken_ = at->first;
    return std::move(batch.messages);
  }
  return std::nullopt;
}

Result<std::vector<MessageView>> PullConsumer::Impl::Poll(Timeout timeout) {
  if (auto may = runtime_->MayWait("poll()"); !may) return may.error();
  const MonoTime deadline = SystemClock().Now() + client::Bounded(timeout);
  bool commit_due = false;
  {
    MutexLock lock(mutex_);
    commit_due = SystemClock().Now() >= next_commit_;
  }
  if (commit_due) {
    if (auto committed = Commit(); !committed) {
      runtime_->Log(Severity::warning, "pull consumer", committed.error().message());
    }
  }
  for (;;) {
    PullWhereIdle();
    MutexLock lock(mutex_);
    if (closed_) return Closed();
    if (auto taken = TakeArrived()) return std::move(*taken);
    if (failure_) {
      Error failure = std::move(*failure_);
      failure_.reset();
      return failure;
    }
    const MonoTime now = SystemClock().Now();
    if (now >= deadline) return std::vector<MessageView>();
    MonoTime wake = deadline;
    for (const auto& [queue, assigned] : assigned_) {
      if (assigned.not_before > now) wake = std::min(wake, assigned.not_before);
    }
    arrived_.WaitFor(mutex_, wake - now);
  }
}

Result<void> PullConsumer::Impl::Seek(const Queue& queue, Position position) {
  auto offset = calls_.Resolve(queue, position);
  if (!offset) return offset.error();
  MutexLock lock(mutex_);
  const auto found = assigned_.find(queue);
  if (found == assigned_.end()) return NotAssigned(queue);
  Assigned& assigned = found->second;
  assigned.next = *offset;
  assigned.returned = *offset;
  assigned.generation = ++generations_;
  assigned.pulling = false;
  assigned.arrived.clear();
  assigned.unreadable.reset();
  return {};
}

void PullConsumer::Impl::SetPaused(const Queue& queue, bool paused) {
  MutexLock lock(mutex_);
  const auto found = assigned_.find(queue);
  if (found != assigned_.end()) found->second.paused = paused;
}

Result<void> PullConsumer::Impl::Commit() {
  if (auto here = runtime_->RefuseIfForked(); !here) return here;
  std::vector<std::pair<Queue, std::int64_t>> changed;
  {
    MutexLock lock(mutex_);
    next_commit_ = SystemClock().Now() + options_.commit_interval;
    for (const auto& [queue, assigned] : assigned_) {
      if (assigned.returned != assigned.committed) changed.emplace_back(queue, assigned.returned);
    }
  }
  Result<void> all;
  std::set<std::string> silent;                  // brokers that are not waited for once more
  for (const auto& [queue, offset] : changed) {  // one broker's failure is not the others'
    if (silent.contains(queue.broker)) continue;
    if (auto done = Commit(queue, offset); !done) {
      const Errc why = done.error().code();
      if (why == Errc::timeout || why == Errc::not_connected) silent.insert(queue.broker);
      if (all) all = std::move(done);
      continue;
    }
    MutexLock lock(mutex_);
    const auto found = assigned_.find(queue);
    if (found != assigned_.end()) found->second.committed = offset;
  }
  return all;
}

Result<void> PullConsumer::Impl::Close() {
  if (auto here = runtime_->RefuseIfForked(); !here) return here;
  bool joined = false;
  {
    MutexLock lock(mutex_);
    if (closed_) return {};
    closed_ = true;
    joined = joined_;
    arrived_.NotifyAll();
  }
  auto committed = Commit();
  if (joined) runtime_->RemoveConsumer(calls_.wire_group(), nullptr);
  return committed;
}

}  // namespace comet
