// What is different with ordered queues of a push consumer: locks, one handler, and waiting in
// place of sending back.
#include <future>
#include <map>
#include <utility>

#include "remoting/base/text.h"
#include "sdk/src/push_consumer_impl.h"
#include "sdk/src/queue_locks.h"
#include "sdk/src/send_back.h"

namespace comet {

using client::ProcessQueuePtr;

namespace {

// A message that has failed before shows how often.
MessageView WithFailures(const std::shared_ptr<const client::MessageBatch>& batch,
                         std::size_t index, int failures) {
  if (failures == 0) return client::ViewOf(batch, index);
  struct Copy {
    std::shared_ptr<const client::MessageBatch> batch;
    MessageView::Data data;
  };
  const auto copy = std::make_shared<Copy>(Copy{batch, batch->messages[index]});
  copy->data.record.reconsume_times += failures;
  return MessageView(std::shared_ptr<const MessageView::Data>(copy, &copy->data));
}

}  // namespace

std::size_t PushConsumer::Impl::HandleOrdered(const ProcessQueuePtr& queue, const Handler& handler,
                                              const Chunk& chunk) {
  for (std::size_t i = chunk.begin; i < chunk.end; ++i) {
    if (!running() || !queue->MayGoOn()) return i - chunk.begin;
    const std::int64_t offset = chunk.pulled->batch->messages[i].record.queue_offset;
    const MessageView message = WithFailures(chunk.pulled->batch, i, queue->failures(offset));
    if (CallHandler(handler, message) == Action::ack || GiveUpOrdered(message)) {
      Finish(queue, chunk.one(i));
      continue;
    }
    queue->Fail(offset);
    SuspendOrdered(queue);
    return i - chunk.begin;
  }
  return chunk.size();
}

// The message waits at the head of its queue and comes again.
void PushConsumer::Impl::SuspendOrdered(const ProcessQueuePtr& queue) {
  retried_.fetch_add(1, std::memory_order_relaxed);
  queue->SetSuspended(true);
  runtime_->After(options_.suspend_time, [weak = weak_from_this(), queue] {
    queue->SetSuspended(false);
    if (const auto self = weak.lock()) self->SubmitWork(queue);
  });
}

// Whether the message has failed often enough and the broker has it now.
bool PushConsumer::Impl::GiveUpOrdered(const MessageView& message) {
  if (options_.max_reconsume < 0 || message.retry_count() < options_.max_reconsume) return false;
  if (options_.model == Model::broadcasting) {
    Log(Severity::warning, Concat("message ", message.id(), " has failed ",
                                  message.retry_count() + 1, " times and is skipped"));
    return true;
  }
  std::promise<Result<void>> sent;
  auto future = sent.get_future();
  client::SendToRetryTopic(runtime_, {message, calls_.wire_group(), 0, options_.max_reconsume},
                           retry_topic_, message.retry_count() + 1,
                           [&sent](Result<void> outcome) { sent.set_value(std::move(outcome)); });
  const Result<void> outcome = future.get();
  if (!outcome) Log(Severity::warning, outcome.error().message());
  return outcome.has_value();
}

void PushConsumer::Impl::EndOrdered(const ProcessQueuePtr& queue) {
  queue->EndOrdered();
  const auto current = FindQueue(queue->queue());
  if (current != nullptr) {
    if (current->HasWaiting()) SubmitWork(current);
  } else if (options_.model == Model::clustering) {
    client::UnlockQueues(runtime_, calls_.wire_group(), {queue->queue()});
  }
}

std::set<Queue> PushConsumer::Impl::Lock(const std::vector<Queue>& queues, Result<void>* outcome) {
  std::map<std::string, std::vector<Queue>> by_broker;
  for (const Queue& queue : queues) by_broker[queue.broker].push_back(queue);
  std::set<Queue> granted;
  for (const auto& [broker, group] : by_broker) {
    std::promise<Result<std::set<Queue>>> answer;
    auto future = answer.get_future();
    client::LockQueues(
        runtime_, calls_.wire_group(), group,
        [&answer](Result<std::set<Queue>> one) { answer.set_value(std::move(one)); });
    auto one = future.get();
    if (one) {
      granted.merge(*one);
    } else {
      *outcome = one.error();  // the other brokers' queues can be read all the same
    }
  }
  return granted;
}

void PushConsumer::Impl::RenewLocks() {
  if (options_.model == Model::broadcasting) return;
  std::map<std::pair<std::string, std::string>, std::vector<Queue>> by_place;
  for (const ProcessQueuePtr& queue : Queues()) {
    if (!queue->ordered()) continue;
    by_place[{queue->queue().topic, queue->queue().broker}].push_back(queue->queue());
  }
  const MonoTime until = SystemClock().Now() + client::kLockLife;
  for (const auto& one : by_place) {
    const std::vector<Queue>& queues = one.second;
    client::LockQueues(
        runtime_, calls_.wire_group(), queues,
        [weak = weak_from_this(), queues, until](const Result<std::set<Queue>>& granted) {
          const auto self = weak.lock();
          if (self != nullptr) self->OnLocked(queues, until, granted);
        });
  }
}

void PushConsumer::Impl::OnLocked(const std::vector<Queue>& queues, MonoTime until,
                                  const Result<std::set<Queue>>& granted) {
  if (!granted) return Log(Severity::warning, granted.error().message());  // the grant runs out
  for (const Queue& place : queues) {
    const ProcessQueuePtr queue = FindQueue(place);
    if (queue == nullptr) {
      if (granted->contains(place)) client::UnlockQueues(runtime_, calls_.wire_group(), {place});
      continue;
    }
    if (!granted->contains(place)) {
      Log(Severity::warning, Concat(place.to_string(), " is locked by another consumer now"));
      queue->SetLocked({});
      continue;
    }
    queue->SetLocked(until);
    if (queue->HasWaiting()) SubmitWork(queue);
  }
}

}  // namespace comet
