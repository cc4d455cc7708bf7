#include "sdk/src/producer_impl.h"

#include <algorithm>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/names.h"
#include "remoting/wire/send_limits.h"
#include "sdk/src/compression.h"
#include "sdk/src/message_encoder.h"
#include "sdk/src/wait_time.h"
#include "sdk/src/waiter.h"

namespace comet {
namespace {

using client::Bounded;
using client::SendOp;

constexpr std::size_t kBatchOps = 16;  // kept for the next batches, with their buffers

client::PendingSends::Limits LimitsOf(const ProducerOptions& options) {
  client::PendingSends::Limits limits{.messages = options.max_pending,
                                      .bytes = options.max_pending_bytes};
  if (options.auto_batch.enabled) {
    limits.idle_ops = kBatchOps;
    limits.idle_op_bytes = 2 * options.auto_batch.max_bytes;
  }
  return limits;
}

std::size_t SizeOf(const Message& message) {
  std::size_t bytes = message.body().size();
  for (const auto& [name, value] : message.properties()) bytes += name.size() + value.size();
  return bytes;
}

}  // namespace

Producer::Impl::Impl(std::shared_ptr<client::Runtime> runtime, ProducerOptions options)
    : runtime_(std::move(runtime)),
      options_(std::move(options)),
      sender_(std::make_shared<client::Sender>(runtime_, options_, LimitsOf(options_))),
      batcher_(options_.auto_batch.enabled
                   ? std::make_shared<client::Batcher>(runtime_, sender_, options_)
                   : nullptr) {
  runtime_->AddProducerGroup(sender_->wire_group());
}

Producer::Impl::Times Producer::Impl::TimesOf(Timeout timeout) const {
  const MonoTime now = SystemClock().Now();
  return {now, now + Bounded(timeout.count() > 0 ? timeout : options_.send_timeout)};
}

Result<void> Producer::Impl::Enter(std::size_t bytes, const Times& times) {
  if (bytes > options_.max_pending_bytes) {
    return Error(Errc::message_too_large,
                 Concat("the message has ", bytes, " bytes, more than max_pending_bytes, ",
                        options_.max_pending_bytes, ", ever lets in"));
  }
  if (sender_->pending().EnterAtOnce(bytes)) return {};
  const bool may_wait = options_.block_when_full && runtime_->MayWait("a send into a full queue");
  return sender_->pending().Enter(bytes, may_wait ? times.deadline : MonoTime::min());
}

Result<void> Producer::Impl::Encode(Message message, bool keep, SendOp& op) {
  op.topic = message.topic();
  op.flag = message.flag();
  op.born_ms = SystemClock().WallNow();
  runtime_->AppendMessageId(op.born_ms, &op.ids);
  client::AppendProperties(message, op.ids, runtime_->options().name_space, &op.properties);
  op.target.ordering_key = message.ordering_key();
  if (options_.compression.type != Compression::Type::none &&
      message.body().size() >= options_.compression.from_bytes) {
    auto compressed = client::Compress(options_.compression, message.body());
    if (!compressed.ok()) return Error(Errc::invalid_argument, compressed.error().message());
    op.body = std::move(compressed->body);
    op.sys_flag = compressed->sys_flag;
    if (keep) op.kept.push_back(std::move(message));
  } else if (keep) {
    op.body = message.body();
    op.kept.push_back(std::move(message));
  } else {
    op.body = std::move(message).release_body();
  }
  op.body_bytes = op.body.size();
  return {};
}

Result<void> Producer::Impl::CheckBatch(const std::vector<Message>& messages) const {
  if (messages.empty()) return Error(Errc::invalid_argument, "the batch is empty");
  const Message& first = messages.front();
  std::size_t bytes = 0;
  for (const Message& message : messages) {
    if (auto legal = message.validate(options_.max_message_bytes); !legal) return legal;
    if (message.topic() != first.topic()) {
      return Error(Errc::invalid_argument, Concat("the batch has messages of two topics, ",
                                                  first.topic(), " and ", message.topic()));
    }
    if (wire::IsRetryTopic(message.topic())) {
      return Error(Errc::invalid_argument, wire::BatchOfRetriesText(message.topic()));
    }
    if (message.delay_level() > 0) {
      return Error(Errc::invalid_argument, "delayed messages cannot be in a batch");
    }
    if (message.wait_stored() != first.wait_stored()) {
      return Error(Errc::invalid_argument, "the messages of a batch differ in wait_stored");
    }
    if (message.ordering_key() != first.ordering_key()) {
      return Error(Errc::invalid_argument, "the messages of a batch differ in ordering_key");
    }
    bytes += SizeOf(message);
  }
  if (bytes > options_.max_message_bytes) {
    return Error(Errc::message_too_large,
                 Concat("the batch has ", bytes, " bytes, more than the ",
                        options_.max_message_bytes, " allowed; send it in parts"));
  }
  return {};
}

Result<void> Producer::Impl::EncodeBatch(std::vector<Message> messages, SendOp& op) {
  op.topic = messages.front().topic();
  op.batch = true;
  op.messages = messages.size();
  op.born_ms = SystemClock().WallNow();
  op.target.ordering_key = messages.front().ordering_key();
  std::string properties;
  for (const Message& message : messages) {
    const std::size_t id_at = op.ids.size();
    runtime_->AppendMessageId(op.born_ms, &op.ids);
    properties.clear();
    client::AppendProperties(message, std::string_view(op.ids).substr(id_at),
                             runtime_->options().name_space, &properties);
    wire::AppendBatchElement(
        {.flag = message.flag(), .body = message.body(), .properties = properties}, &op.body);
    op.body_bytes += message.body().size();
  }
  client::AppendBatchProperties(messages.front().wait_stored(), &op.properties);
  if (!runtime_->interceptors().empty()) op.kept = std::move(messages);
  if (op.body.size() <= options_.max_message_bytes) return {};
  return Error(Errc::message_too_large,
               Concat("the batch has ", op.body.size(), " bytes, more than the ",
                      options_.max_message_bytes, " allowed; send it in parts"));
}

Result<void> Producer::Impl::Launch(SendOp& op, SendCallback done, const Times& times) {
  op.done = std::move(done);
  op.started = times.start;
  op.deadline = times.deadline;
  const bool ordered = op.target.queue || !op.target.ordering_key.empty();
  if (batcher_ && ordered) {
    batcher_->StartBehind(op);
  } else {
    sender_->Start(op);
  }
  return {};
}

Result<void> Producer::Impl::SendAsync(Message message, Target target, SendCallback done,
                                       Timeout timeout) {
  return Accept(std::move(message), std::move(target), std::move(done), timeout, false);
}

// A batch has one deadline: what has a time of its own neither shortens it nor is cut by it.
bool Producer::Impl::MayLinger(const Message& message, Target* target, const Times& times,
                               bool waited_for) {
  if (!batcher_) return false;
  target->ordering_key = message.ordering_key();
  // Asked in any case: it finds the key's queue, behind which also what goes alone has to stay.
  const bool wanted = batcher_->Wants(message, target, times.start);
  return wanted && !waited_for && times.deadline - times.start == Bounded(options_.send_timeout);
}

Result<void> Producer::Impl::Accept(Message message, Target target, SendCallback done,
                                    Timeout timeout, bool waited_for) {
  if (auto here = runtime_->RefuseIfForked(); !here) return here;
  runtime_->interceptors().BeforeSend(message, options_.group);
  if (auto legal = message.validate(options_.max_message_bytes); !legal) return legal;
  if (target.queue && target.queue->topic != message.topic()) {
    return Error(Errc::invalid_argument,
                 Concat("queue ", target.queue->to_string(), " is not of topic ", message.topic()));
  }
  const Times times = TimesOf(timeout);
  const std::size_t bytes = SizeOf(message);
  if (auto entered = Enter(bytes, times); !entered) return entered;
  if (MayLinger(message, &target, times, waited_for)) {
    batcher_->Add(std::move(message), target, std::move(done), bytes, times.start, times.deadline);
    return {};
  }
  SendOp& op = sender_->NewOp();
  op.entered_bytes = bytes;
  op.target = std::move(target);
  const bool keep = op.target.selector || !runtime_->interceptors().empty();
  if (auto encoded = Encode(std::move(message), keep, op); !encoded) {
    sender_->pending().Leave(1, bytes);
    sender_->Drop(op);
    return encoded;
  }
  return Launch(op, std::move(done), times);
}

Result<SendReceipt> Producer::Impl::Send(Message message, Target target, Timeout timeout) {
  if (auto may = runtime_->MayWait("send()"); !may) return may.error();
  client::Waiter<Result<SendReceipt>> answer;
  auto accepted = Accept(
      std::move(message), std::move(target),
      [&answer](Result<SendReceipt> outcome) { answer.Bring(std::move(outcome)); }, timeout, true);
  if (!accepted) return accepted.error();
  return answer.Wait();
}

Result<SendReceipt> Producer::Impl::SendBatch(std::vector<Message> messages, Timeout timeout) {
  if (auto may = runtime_->MayWait("send_batch()"); !may) return may.error();
  for (Message& message : messages) runtime_->interceptors().BeforeSend(message, options_.group);
  if (auto legal = CheckBatch(messages); !legal) return legal.error();
  const Times times = TimesOf(timeout);
  std::size_t bytes = 0;
  for (const Message& message : messages) bytes += SizeOf(message);
  if (auto entered = Enter(bytes, times); !entered) return entered.error();
  SendOp& op = sender_->NewOp();
  op.entered_bytes = bytes;
  if (auto encoded = EncodeBatch(std::move(messages), op); !encoded) {
    sender_->pending().Leave(1, bytes);
    sender_->Drop(op);
    return encoded.error();
  }
  client::Waiter<Result<SendReceipt>> answer;
  auto launched = Launch(
      op, [&answer](Result<SendReceipt> outcome) { answer.Bring(std::move(outcome)); }, times);
  if (!launched) return launched.error();
  return answer.Wait();
}

bool Producer::Impl::forked() const {
  return runtime_->forked();
}

Result<void> Producer::Impl::SendOneway(Message message) {
  if (auto may = runtime_->MayWait("send_oneway()"); !may) return may.error();
  if (sender_->pending().refusing()) return Error(Errc::closed, "the producer has been closed");
  runtime_->interceptors().BeforeSend(message, options_.group);
  if (auto legal = message.validate(options_.max_message_bytes); !legal) return legal;
  auto route = runtime_->routes().GetAndWait(message.topic());
  if (!route) return route.error();
  SendOp op;
  if (auto encoded = Encode(std::move(message), false, op); !encoded) return encoded;
  return sender_->SendOneway(op, std::move(*route));
}

Result<std::vector<Queue>> Producer::Impl::Queues(const std::string& topic) {
  if (auto may = runtime_->MayWait("queues()"); !may) return may.error();
  auto route = runtime_->routes().GetAndWait(topic);
  if (!route) return route.error();
  return (*route)->writable;
}

ProducerStats Producer::Impl::Stats() const {
  ProducerStats stats;
  sender_->report().CountInto(&stats);
  stats.pending = sender_->pending().count();
  stats.pending_bytes = sender_->pending().bytes();
  return stats;
}

Result<void> Producer::Impl::Flush(std::chrono::milliseconds timeout) {
  if (auto may = runtime_->MayWait("flush()"); !may) return may;
  if (batcher_) batcher_->Flush();
  return sender_->pending().Wait(SystemClock().Now() + Bounded(timeout));
}

Result<void> Producer::Impl::Close(std::chrono::milliseconds timeout) {
  if (auto here = runtime_->RefuseIfForked(); !here) return here;
  if (sender_->pending().Refuse()) runtime_->RemoveProducerGroup(sender_->wire_group());
  if (batcher_) batcher_->Flush();
  if (auto may = runtime_->MayWait("close()"); !may) return {};
  // A send that was being accepted a moment ago may need another round.
  constexpr Duration kRound = std::chrono::milliseconds(10);
  const MonoTime deadline = SystemClock().Now() + Bounded(timeout);
  auto answered = sender_->pending().Wait(std::min(deadline, SystemClock().Now() + kRound));
  while (!answered && SystemClock().Now() < deadline) {
    if (batcher_) batcher_->Flush();
    answered = sender_->pending().Wait(std::min(deadline, SystemClock().Now() + 10 * kRound));
  }
  if (answered) return {};
  do {
    if (batcher_) batcher_->Flush();
    sender_->AnswerAll(Error(
        Errc::closed, "the producer was closed before the broker answered; it may be stored"));
  } while (!sender_->pending().Wait(SystemClock().Now() + kRound));
  return answered;
}

}  // namespace comet
