// What brokers ask a push consumer for.
#include <functional>
#include <memory>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "sdk/src/foreign_call.h"
#include "sdk/src/name_space.h"
#include "sdk/src/push_consumer_impl.h"
#include "sdk/src/running_info.h"

namespace comet {

using client::ProcessQueuePtr;

namespace {

// How a tool hears what came of its request, by a loop of the runtime, which is let go last.
struct DirectAnswer {
  std::shared_ptr<client::Runtime> runtime;
  std::function<void(client::DirectOutcome)> done;
};

// Steady times as brokers show them.
std::int64_t WallMsOf(MonoTime time) {
  if (time == MonoTime()) return 0;
  const auto ago =
      std::chrono::duration_cast<std::chrono::milliseconds>(SystemClock().Now() - time);
  return SystemClock().WallNow() - ago.count();
}

}  // namespace

void PushConsumer::Impl::OnReset(const std::string& topic, const Offsets& offsets) {
  for (const auto& [place, offset] : offsets) {
    const ProcessQueuePtr queue = FindQueue({topic, place.broker_name, place.queue_id});
    if (queue != nullptr && offset >= 0) Replace(queue, queue->subscription(), offset);
  }
}

client::GroupMember::Offsets PushConsumer::Impl::OffsetsOf(const std::string& topic) {
  Offsets offsets;
  for (const ProcessQueuePtr& queue : Queues()) {
    if (queue->queue().topic == topic) offsets[WireQueue(queue->queue())] = queue->CommitOffset();
  }
  return offsets;
}

wire::MessageQueue PushConsumer::Impl::WireQueue(const Queue& queue) const {
  return {client::WrapName(runtime_->options().name_space, queue.topic), queue.broker, queue.id};
}

std::string PushConsumer::Impl::RunningInfo() {
  client::OwnRunningInfo info;
  bool ordered = false;
  for (const auto& subscription : subscriptions_.All()) {
    info.subscriptions.push_back(client::Describe(*subscription, runtime_->options().name_space));
    info.statuses[info.subscriptions.back().topic] = {};
    ordered = ordered || subscription->ordered;
  }
  for (const ProcessQueuePtr& queue : Queues()) {
    const auto cached = queue->cached();
    client::OwnRunningInfo::Queue& shown = info.queues[WireQueue(queue->queue())];
    shown.commit_offset = queue->CommitOffset();
    shown.cached_min_offset = cached.min_offset;
    shown.cached_max_offset = cached.max_offset;
    shown.cached_count = static_cast<std::int64_t>(cached.messages);
    shown.cached_mib = static_cast<std::int64_t>(cached.bytes >> 20);
    shown.locked = SystemClock().Now() < cached.locked_until;
    shown.last_lock_ms = WallMsOf(cached.last_lock);
    shown.last_pull_ms = WallMsOf(cached.last_pull);
    shown.last_consume_ms = WallMsOf(cached.last_take);
  }
  info.properties["PROP_CLIENT_VERSION"] = client::kClientVersionName;
  info.properties["PROP_CONSUMEORDERLY"] = ordered ? "true" : "false";
  info.properties["PROP_CONSUMER_START_TIMESTAMP"] = Concat(start_ms_.load());
  info.properties["PROP_CONSUME_TYPE"] = "CONSUME_PASSIVELY";
  info.properties["PROP_NAMESERVER_ADDR"] = runtime_->options().namesrv;
  info.properties["PROP_THREADPOOL_CORE_SIZE"] = Concat(options_.concurrency);
  return ToJson(info);
}

void PushConsumer::Impl::ConsumeDirectly(std::string record, const std::string& broker,
                                         std::function<void(client::DirectOutcome)> done) {
  auto batch = client::ReadBatch(std::move(record), broker);
  if (!batch.ok() || (*batch)->messages.size() != 1) {
    return done({false, false, batch.ok() ? "there is no message" : batch.error().message()});
  }
  if (!(*batch)->messages[0].unreadable.empty()) {
    return done({false, false, client::Complaint((*batch)->messages[0])});
  }
  client::ShowTopics(batch->get(), runtime_->options().name_space);
  const auto subscription = subscriptions_.Find((*batch)->messages[0].topic);
  if (subscription == nullptr) {
    return done(
        {false, false,
         Concat("topic ", (*batch)->messages[0].topic, " is not subscribed by this consumer")});
  }
  const MessageView message = client::ViewOf(*batch, 0);
  const auto shared_done =
      std::make_shared<std::function<void(client::DirectOutcome)>>(std::move(done));
  const bool submitted =
      threads_->Submit([self = shared_from_this(), subscription, message, shared_done] {
        const CallbackScope scope;
        self->HandleDirectly(*subscription, message, *shared_done);
      });
  if (!submitted) (*shared_done)({false, false, "the consumer is being closed"});
}

void PushConsumer::Impl::HandleDirectly(const client::Subscription& subscription,
                                        const MessageView& message,
                                        std::function<void(client::DirectOutcome)> done) {
  client::DirectOutcome outcome;
  outcome.remark = client::CallForeign([&] {
    if (const auto* one = std::get_if<Handler>(&subscription.handler)) {
      outcome.consumed = (*one)(message) == Action::ack;
    } else if (const auto* all = std::get_if<BatchHandler>(&subscription.handler)) {
      outcome.consumed = (*all)(std::span(&message, 1)).acked > 0;
    } else if (const auto* async = std::get_if<AsyncHandler>(&subscription.handler)) {
      const auto answer = std::make_shared<DirectAnswer>(DirectAnswer{runtime_, done});
      (*async)(message, Ack(std::make_shared<Ack::Duty>([answer](bool acked, int /*delay_level*/) {
                 answer->done({acked, false, ""});
               })));
    }
  });
  outcome.thrown = !outcome.remark.empty();
  if (!std::holds_alternative<AsyncHandler>(subscription.handler)) done(outcome);
}

}  // namespace comet
