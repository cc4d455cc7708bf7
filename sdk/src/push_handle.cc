// How messages of a push consumer get to handlers, and what becomes of them.
#include <algorithm>
#include <utility>

#include "remoting/base/text.h"
#include "sdk/src/foreign_call.h"
#include "sdk/src/push_consumer_impl.h"
#include "sdk/src/send_back.h"

namespace comet {

using client::ProcessQueuePtr;
using client::QueueWindow;
using client::SubscriptionPtr;

namespace {

constexpr std::int64_t kChunkNs = 200'000;  // so long a thread may keep messages from the others
constexpr std::int64_t kChunkMax = 256;
constexpr std::size_t kFastChunk = 16;  // smaller ones come from handlers that may wait for things
constexpr Duration kSlow = std::chrono::milliseconds(2);
constexpr int kDefaultMaxReconsume = 16;
constexpr int kOverdueLevel = 3;    // of delay: 10 s
constexpr int kToDeadLetters = -1;  // in place of a level
constexpr Duration kPauseAfterSendBack = std::chrono::seconds(5);

}  // namespace

thread_local int PushConsumer::Impl::CallbackScope::depth_ = 0;

void PushConsumer::Impl::SubmitWork(const ProcessQueuePtr& queue) {
  if (!queue->MarkSubmitted()) return;
  threads_->Submit([self = shared_from_this(), queue] {
    queue->ClearSubmitted();  // from here on whoever adds something submits it again
    self->Work(queue);
  });
}

std::size_t PushConsumer::Impl::ChunkSize() const {
  const std::int64_t usual = handler_ns_.load(std::memory_order_relaxed);
  if (usual <= 0) return 1;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(kChunkNs / usual, 1, kChunkMax));
}

void PushConsumer::Impl::Measure(Duration took, std::size_t messages) {
  const std::int64_t each = std::max<std::int64_t>(
      took.count() / static_cast<std::int64_t>(std::max<std::size_t>(messages, 1)), 1);
  const std::int64_t usual = handler_ns_.load(std::memory_order_relaxed);
  handler_ns_.store(usual == 0 ? each : usual + (each - usual) / 4, std::memory_order_relaxed);
}

void PushConsumer::Impl::Work(const ProcessQueuePtr& queue) {
  const SubscriptionPtr& subscription = queue->subscription();
  if (subscription->ordered) return WorkOrdered(queue, *subscription);
  const bool batches = std::holds_alternative<BatchHandler>(subscription->handler);
  const auto batch = static_cast<std::size_t>(options_.batch);
  const CallbackScope scope;
  MonoTime now = SystemClock().Now();
  const MonoTime enough = now + std::chrono::nanoseconds(kChunkNs);
  bool more = true;
  while (more) {
    if (now >= enough) return SubmitWork(queue);  // the other queues' turn
    const std::size_t size = ChunkSize();
    const Chunk chunk = queue->Take(batches ? batch : size, &more);
    if (chunk.empty()) return;
    if (more && size < kFastChunk) SubmitWork(queue);  // others can help
    if (RejectUnreadable(queue, chunk)) continue;
    const std::size_t seen = Handle(queue, *subscription, chunk);
    if (seen < chunk.size()) {
      return PutBack(queue, {chunk.pulled, chunk.begin + seen, chunk.end});
    }
    const MonoTime start = std::exchange(now, SystemClock().Now());
    Measure(now - start, chunk.size());
  }
}

// No handler can have such a message, and it will not get better: the dead letters keep it.
bool PushConsumer::Impl::RejectUnreadable(const ProcessQueuePtr& queue, const Chunk& chunk) {
  const MessageView::Data& message = chunk.pulled->batch->messages[chunk.begin];
  if (message.unreadable.empty()) return false;
  Log(Severity::warning, client::Complaint(message));
  SendBack(queue, chunk, kToDeadLetters);
  return true;
}

// What a thread has taken and not come to.
void PushConsumer::Impl::PutBack(const ProcessQueuePtr& queue, const Chunk& chunk) {
  if (queue->PutBack(chunk) && running()) return SubmitWork(queue);
  MutexLock lock(mutex_);
  changed_.NotifyAll();
}

void PushConsumer::Impl::WorkOrdered(const ProcessQueuePtr& queue,
                                     const client::Subscription& subscription) {
  bool more = false;
  const Chunk chunk = queue->Take(ChunkSize(), &more);
  if (chunk.empty()) return;
  if (RejectUnreadable(queue, chunk)) return EndOrdered(queue);
  const MonoTime start = SystemClock().Now();
  const CallbackScope scope;
  const std::size_t seen = HandleOrdered(queue, std::get<Handler>(subscription.handler), chunk);
  queue->PutBack({chunk.pulled, chunk.begin + seen, chunk.end});
  if (seen == chunk.size()) Measure(SystemClock().Now() - start, seen);
  EndOrdered(queue);
}

std::size_t PushConsumer::Impl::Handle(const ProcessQueuePtr& queue,
                                       const client::Subscription& subscription,
                                       const Chunk& chunk) {
  if (const auto* one = std::get_if<Handler>(&subscription.handler)) {
    return HandleOneByOne(queue, *one, chunk);
  }
  if (const auto* all = std::get_if<BatchHandler>(&subscription.handler)) {
    return HandleBatch(queue, *all, chunk);
  }
  if (const auto* async = std::get_if<AsyncHandler>(&subscription.handler)) {
    return HandleAsync(queue, *async, chunk);
  }
  return HandleReturned(queue, chunk);
}

// Messages that come again go to the handlers of the topics they had first.
std::size_t PushConsumer::Impl::HandleReturned(const ProcessQueuePtr& queue, const Chunk& chunk) {
  for (std::size_t i = chunk.begin; i < chunk.end; ++i) {
    if (!running()) return i - chunk.begin;
    const auto original = subscriptions_.Find(chunk.pulled->batch->messages[i].topic);
    if (original == nullptr || original->topic == retry_topic_) {
      SendBack(queue, chunk.one(i), 0);  // nobody wants it now; the dead letters keep it at last
    } else {
      if (Handle(queue, *original, chunk.one(i)) == 0) return i - chunk.begin;
    }
  }
  return chunk.size();
}

Action PushConsumer::Impl::CallHandler(const Handler& handler, const MessageView& message) {
  Action action = Action::retry_later;
  const MonoTime start = metrics_.wanted() ? SystemClock().Now() : MonoTime();
  Before({&message, 1});
  const std::string thrown = client::CallForeign([&] { action = handler(message); });
  if (!thrown.empty()) {
    LogThrown(message, thrown);
    action = Action::retry_later;
  }
  After({&message, 1}, action == Action::ack, start);
  return action;
}

void PushConsumer::Impl::Before(std::span<const MessageView> messages) const {
  if (runtime_->interceptors().empty()) return;
  const Queue queue = messages.front().queue();
  runtime_->interceptors().BeforeConsume({options_.group, queue, messages});
}

void PushConsumer::Impl::After(std::span<const MessageView> messages, bool consumed,
                               MonoTime start) const {
  if (metrics_.wanted()) {
    metrics_.Handled(messages.front().topic(), SystemClock().Now() - start,
                     consumed ? "ok" : "retry");
  }
  if (runtime_->interceptors().empty()) return;
  const Queue queue = messages.front().queue();
  runtime_->interceptors().AfterConsume({options_.group, queue, messages}, consumed);
}

void PushConsumer::Impl::LogThrown(const MessageView& message, std::string_view thrown) const {
  Log(Severity::error, Concat("the handler of ", message.topic(), " has thrown on message ",
                              message.id(), ": ", thrown));
}

std::size_t PushConsumer::Impl::HandleOneByOne(const ProcessQueuePtr& queue, const Handler& handler,
                                               const Chunk& chunk) {
  std::size_t told = chunk.begin;  // what became of those before
  std::size_t i = chunk.begin;
  const MonoTime enough = SystemClock().Now() + kSlow;
  for (; i < chunk.end && running(); ++i) {
    if (i > chunk.begin && SystemClock().Now() >= enough) break;  // others may have the rest
    if (CallHandler(handler, client::ViewOf(chunk.pulled->batch, i)) == Action::ack) continue;
    if (i > told) Finish(queue, {chunk.pulled, told, i});
    SendBack(queue, chunk.one(i), 0);
    told = i + 1;
  }
  if (i > told) Finish(queue, {chunk.pulled, told, i});
  return i - chunk.begin;
}

std::size_t PushConsumer::Impl::HandleBatch(const ProcessQueuePtr& queue,
                                            const BatchHandler& handler, const Chunk& chunk) {
  if (!running()) return 0;
  std::vector<MessageView> messages;
  messages.reserve(chunk.size());
  for (std::size_t i = chunk.begin; i < chunk.end; ++i) {
    messages.push_back(client::ViewOf(chunk.pulled->batch, i));
  }
  BatchAction action = BatchAction::retry_all();
  const MonoTime start = SystemClock().Now();
  Before(messages);
  const std::string thrown = client::CallForeign([&] { action = handler(messages); });
  if (!thrown.empty()) {
    action = BatchAction::retry_all();
    LogThrown(messages.front(), thrown);
  }
  After(messages, action.acked >= chunk.size(), start);
  const std::size_t acked = chunk.begin + std::min(action.acked, chunk.size());
  if (acked > chunk.begin) Finish(queue, {chunk.pulled, chunk.begin, acked});
  if (acked < chunk.end) SendBack(queue, {chunk.pulled, acked, chunk.end}, action.delay_level);
  return chunk.size();
}

std::size_t PushConsumer::Impl::HandleAsync(const ProcessQueuePtr& queue,
                                            const AsyncHandler& handler, const Chunk& chunk) {
  std::size_t i = chunk.begin;
  for (; i < chunk.end && running(); ++i) {
    const MessageView message = client::ViewOf(chunk.pulled->batch, i);
    Ack ack(MakeDuty(queue, chunk.one(i), message));
    Before({&message, 1});
    const std::string thrown = client::CallForeign([&] { handler(message, std::move(ack)); });
    if (!thrown.empty()) LogThrown(message, thrown);
  }
  return i - chunk.begin;
}

std::shared_ptr<Ack::Duty> PushConsumer::Impl::MakeDuty(const ProcessQueuePtr& queue,
                                                        const Chunk& one,
                                                        const MessageView& message) {
  const MonoTime start = SystemClock().Now();
  return std::make_shared<Ack::Duty>(
      [weak = weak_from_this(), queue, one, message, start](bool done, int delay_level) {
        const auto self = weak.lock();
        if (self == nullptr || self->forked() || self->state_.load() == State::kClosed) return;
        self->After({&message, 1}, done, start);
        if (done) {
          self->Finish(queue, one);
        } else {
          self->SendBack(queue, one, delay_level);
        }
      });
}

void PushConsumer::Impl::Finish(const ProcessQueuePtr& queue, const Chunk& chunk,
                                QueueWindow::State from) {
  const auto finished = queue->Finish(chunk, from);
  acked_.fetch_add(finished.messages, std::memory_order_relaxed);
  if (finished.pull) Pull(queue);
  if (running()) return;
  MutexLock lock(mutex_);
  changed_.NotifyAll();
}

void PushConsumer::Impl::SendBack(const ProcessQueuePtr& queue, const Chunk& chunk, int delay_level,
                                  QueueWindow::State from) {
  if (options_.model == Model::broadcasting) {
    Log(Severity::warning, Concat(chunk.size(), " messages of ", queue->queue().to_string(),
                                  " have failed; in broadcasting they do not come again"));
    return Finish(queue, chunk, from);
  }
  retried_.fetch_add(chunk.size(), std::memory_order_relaxed);
  for (std::size_t i = chunk.begin; i < chunk.end; ++i) {
    const client::ReturnedMessage returned{
        client::ViewOf(chunk.pulled->batch, i), calls_.wire_group(), delay_level,
        options_.max_reconsume < 0 ? kDefaultMaxReconsume : options_.max_reconsume};
    client::GiveBack(runtime_, returned,
                     [weak = weak_from_this(), queue, message = chunk.one(i), delay_level,
                      from](const Result<void>& outcome) {
                       const auto self = weak.lock();
                       if (self == nullptr) return;
                       self->OnSentBack(queue, message, delay_level, from, outcome);
                     });
  }
}

void PushConsumer::Impl::OnSentBack(const ProcessQueuePtr& queue, const Chunk& message,
                                    int delay_level, QueueWindow::State from,
                                    const Result<void>& outcome) {
  if (outcome) return Finish(queue, message, from);
  if (queue->dropped()) return;
  if (!running()) {  // somebody else will have it
    queue->PutBack(message);
    MutexLock lock(mutex_);
    return changed_.NotifyAll();
  }
  const bool again_here = from == QueueWindow::State::kWorking;
  Log(Severity::warning, Concat(outcome.error().message(), "; trying again",
                                again_here ? ", with the handler first" : ""));
  runtime_->After(kPauseAfterSendBack,
                  [weak = weak_from_this(), queue, message, delay_level, from] {
                    const auto self = weak.lock();
                    if (self == nullptr) return;
                    if (from != QueueWindow::State::kWorking) {
                      self->SendBack(queue, message, delay_level, from);
                    } else if (queue->PutBack(message)) {
                      self->SubmitWork(queue);
                    }
                  });
}

// Messages that are too long with a handler come again, perhaps to another consumer.
void PushConsumer::Impl::GiveUpOverdue() {
  const MonoTime before = SystemClock().Now() - options_.handler_timeout;
  for (const ProcessQueuePtr& queue : Queues()) {
    for (const Chunk& message : queue->GiveUp(before)) {
      Log(Severity::warning, Concat("a message of ", queue->queue().to_string(),
                                    " is with its handler for too long and is given back"));
      SendBack(queue, message, kOverdueLevel, QueueWindow::State::kGivenUp);
    }
  }
}

}  // namespace comet
