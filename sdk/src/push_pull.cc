// How messages come into a push consumer's windows.
#include <string>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/name_space.h"
#include "sdk/src/push_consumer_impl.h"
#include "sdk/src/wait_time.h"

namespace comet {

using client::ProcessQueue;
using client::ProcessQueuePtr;
using client::RoutePtr;
using wire::ResponseCode;

namespace {

constexpr Duration kPauseAfterError = std::chrono::seconds(1);
constexpr Duration kPauseWhenFlowControlled = std::chrono::milliseconds(20);
constexpr Duration kPauseWhenAllIsFull = std::chrono::milliseconds(20);
constexpr Duration kAnswerTime = std::chrono::seconds(15);  // besides the time the broker holds it

std::string What(const ProcessQueue& queue) {
  return Concat("pulling from ", queue.queue().to_string());
}

// Answers that say where to go on.
bool IsPullCode(std::int32_t code) {
  return code == ResponseCode::kSuccess || code == ResponseCode::kPullNotFound ||
         code == ResponseCode::kPullRetryImmediately || code == ResponseCode::kPullOffsetMoved;
}

ProcessQueue::Answer AnswerOf(const wire::PullMessage::Reply& reply) {
  return {reply.next_offset, reply.max_offset, reply.suggest_broker_id};
}

}  // namespace

void PushConsumer::Impl::Pull(const ProcessQueuePtr& queue) {
  if (!running()) return;
  const ProcessQueue::Pull pull = queue->BeginPull();
  if (pull.go == ProcessQueue::Pull::Go::kLater) PullLater(queue, kPauseWhenAllIsFull);
  if (pull.go != ProcessQueue::Pull::Go::kNow) return;
  runtime_->routes().Get(queue->queue().topic,
                         [weak = weak_from_this(), queue, pull](const Result<RoutePtr>& route) {
                           const auto self = weak.lock();
                           if (self == nullptr) return;
                           if (route) return self->SendPull(queue, pull, **route);
                           self->OnPullFailed(queue, route.error(), kPauseAfterError);
                         });
}

void PushConsumer::Impl::SendPull(const ProcessQueuePtr& queue, const ProcessQueue::Pull& pull,
                                  const client::Route& route) {
  const std::string address = route.ReaderOf(queue->queue().broker, pull.broker_id);
  if (address.empty()) {
    runtime_->routes().Distrust(queue->queue().topic);
    return OnPullFailed(queue,
                        Error(Errc::no_route, Concat("no broker called ", queue->queue().broker,
                                                     " has topic ", queue->queue().topic)),
                        kPauseAfterError);
  }
  const bool master = address == route.MasterOf(queue->queue().broker);
  wire::PullMessage::Header header;
  header.consumer_group = calls_.wire_group();
  header.topic = route.wire_topic;
  header.queue_id = queue->queue().id;
  header.queue_offset = pull.offset;
  header.max_messages = options_.pull_batch;
  header.max_bytes = static_cast<std::int32_t>(options_.pull_batch_bytes);
  header.sys_flag = wire::pull_flag::kSuspend;
  if (master && pull.commit_offset > 0 && options_.model == Model::clustering) {
    header.sys_flag |= wire::pull_flag::kCommitOffset;
    header.commit_offset = pull.commit_offset;
  }
  header.suspend_timeout_ms = options_.suspend.count();
  header.subscription = queue->subscription()->filter.expression;
  header.sub_version = queue->subscription()->version;
  header.expression_type = "TAG";
  net::CallOptions call;
  call.timeout = options_.suspend + kAnswerTime;
  runtime_->ServerAt(address)->Call<wire::PullMessage>(
      header, {}, call,
      [weak = weak_from_this(), queue,
       address](StatusOr<net::Answer<wire::PullMessage>> answer) mutable {
        if (const auto self = weak.lock()) self->OnPulled(queue, address, std::move(answer));
      });
}

void PushConsumer::Impl::OnPulled(const ProcessQueuePtr& queue, const std::string& address,
                                  StatusOr<net::Answer<wire::PullMessage>> answer) {
  if (!answer.ok()) {
    runtime_->routes().Distrust(queue->queue().topic);
    return OnPullFailed(queue, client::FromStatus(answer.error(), What(*queue), address),
                        kPauseAfterError);
  }
  if (!answer->has_reply && IsPullCode(answer->code)) {
    return OnPullFailed(queue,
                        Error(Errc::broker_error, Concat(What(*queue), " at ", address, ": code ",
                                                         answer->code, " without its fields")),
                        kPauseAfterError);
  }
  switch (answer->code) {
    case ResponseCode::kSuccess:
      return OnFound(queue, address, *answer);
    case ResponseCode::kPullNotFound:
    case ResponseCode::kPullRetryImmediately:
      if (!queue->EndPull(nullptr, AnswerOf(answer->reply))) return;
      return options_.suspend.count() > 0 ? Pull(queue)
                                          : PullLater(queue, client::kPauseWithoutSuspend);
    case ResponseCode::kPullOffsetMoved:
      return OnOffsetMoved(queue, AnswerOf(answer->reply));
    default:
      break;
  }
  if (answer->code == ResponseCode::kSubscriptionNotExist ||
      answer->code == ResponseCode::kSubscriptionNotLatest) {
    runtime_->BeatAgain(address);  // the broker has not heard of us yet, or has forgotten us
  }
  const bool busy = answer->code == ResponseCode::kFlowControl;
  OnPullFailed(queue, client::FromResponse(answer->code, answer->remark, What(*queue), address),
               busy ? kPauseWhenFlowControlled : kPauseAfterError);
}

// Behind the queue's first message: what is in memory is handled all the same. Beyond its end, or
// reset: the queue begins anew.
void PushConsumer::Impl::OnOffsetMoved(const ProcessQueuePtr& queue,
                                       const ProcessQueue::Answer& answer) {
  const std::int64_t asked = queue->next_offset();
  Log(Severity::warning, Concat(What(*queue), ": offset ", asked,
                                " is not there (any more), it goes on at ", answer.next_offset));
  if (answer.next_offset < asked) {
    if (queue->EndPull(nullptr, {asked, answer.max_offset, 0})) {
      Replace(queue, queue->subscription(), answer.next_offset);
    }
  } else if (queue->EndPull(nullptr, answer)) {
    if (answer.next_offset > asked) return Pull(queue);
    PullLater(queue, kPauseAfterError);
  }
}

void PushConsumer::Impl::OnFound(const ProcessQueuePtr& queue, const std::string& address,
                                 const net::Answer<wire::PullMessage>& answer) {
  auto batch = client::ReadBatch(std::string(answer.body), queue->queue().broker);
  if (!batch.ok()) {
    return OnPullFailed(queue, client::FromStatus(batch.error(), What(*queue), address),
                        kPauseAfterError);
  }
  client::ShowTopics(batch->get(), runtime_->options().name_space);
  const client::TagExpression& wanted = queue->subscription()->wanted;
  if (!wanted.tags().empty()) {
    std::erase_if((*batch)->messages, [&](const MessageView::Data& message) {
      return !wanted.Matches(
          wire::FindProperty(message.record.properties, wire::property::kTags).value_or(""));
    });
  }
  pulled_.fetch_add((*batch)->messages.size(), std::memory_order_relaxed);
  metrics_.Pulled(queue->queue().topic, (*batch)->messages.size());
  if (!queue->EndPull(batch.Take(), AnswerOf(answer.reply))) return;
  SubmitWork(queue);
  Pull(queue);
}

void PushConsumer::Impl::OnPullFailed(const ProcessQueuePtr& queue, const Error& error,
                                      Duration pause) {
  if (!running() || !queue->FailPull(error.message())) return;
  // At the start a broker hears of the group a moment after the first pull.
  const bool quiet = error.broker_code() == ResponseCode::kSubscriptionNotExist ||
                     error.broker_code() == ResponseCode::kSubscriptionNotLatest ||
                     error.broker_code() == ResponseCode::kFlowControl;
  if (failed_pulls_.fetch_add(1, std::memory_order_relaxed) % 64 == 0 && !quiet) {
    Log(Severity::warning, error.message());
  }
  PullLater(queue, pause);
}

void PushConsumer::Impl::PullLater(const ProcessQueuePtr& queue, Duration pause) {
  runtime_->After(pause, [weak = weak_from_this(), queue] {
    if (const auto self = weak.lock()) self->Pull(queue);
  });
}

}  // namespace comet
