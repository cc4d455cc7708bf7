#include "sdk/src/producer_impl.h"

#include <future>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/names.h"
#include "remoting/wire/properties.h"
#include "sdk/src/name_space.h"

namespace comet {
namespace {

std::string EncodeProperties(const Message& message, std::string_view message_id,
                             std::string_view name_space) {
  std::string text;
  wire::AppendProperty(wire::property::kUniqueKey, message_id, &text);
  wire::AppendProperty(wire::property::kWait, message.wait_stored() ? "true" : "false", &text);
  if (message.delay_level() > 0) {
    wire::AppendProperty(wire::property::kDelay, Concat(message.delay_level()), &text);
  }
  if (!name_space.empty()) {
    wire::AppendProperty(wire::property::kInstanceId, name_space, &text);
  }
  for (const auto& [name, value] : message.properties()) {
    wire::AppendProperty(name, value, &text);
  }
  return text;
}

}  // namespace

Producer::Impl::Impl(std::shared_ptr<client::Runtime> runtime, ProducerOptions options)
    : runtime_(std::move(runtime)),
      options_(std::move(options)),
      wire_group_(client::WrapName(runtime_->options().name_space, options_.group)),
      picker_(std::make_shared<client::QueuePicker>()),
      pending_(options_.max_pending, options_.max_pending_bytes) {
  runtime_->AddProducerGroup(wire_group_);
}

Result<client::Outgoing> Producer::Impl::Encode(const Message& message) {
  if (auto legal = message.validate(options_.max_message_bytes); !legal) return legal.error();
  client::Outgoing outgoing;
  outgoing.topic = message.topic();
  outgoing.wire_topic = client::WrapName(runtime_->options().name_space, message.topic());
  outgoing.group = wire_group_;
  outgoing.message_id = runtime_->NextMessageId();
  outgoing.properties =
      EncodeProperties(message, outgoing.message_id, runtime_->options().name_space);
  outgoing.flag = message.flag();
  return outgoing;
}

Result<client::Outgoing> Producer::Impl::EncodeBatch(const std::vector<Message>& messages,
                                                     std::vector<std::string>* ids) {
  if (messages.empty()) return Error(Errc::invalid_argument, "the batch is empty");
  client::Outgoing outgoing;
  outgoing.topic = messages.front().topic();
  outgoing.wire_topic = client::WrapName(runtime_->options().name_space, outgoing.topic);
  outgoing.group = wire_group_;
  outgoing.batch = true;
  for (const Message& message : messages) {
    if (auto legal = message.validate(options_.max_message_bytes); !legal) return legal.error();
    if (message.topic() != outgoing.topic) {
      return Error(Errc::invalid_argument, Concat("the batch has messages of two topics, ",
                                                  outgoing.topic, " and ", message.topic()));
    }
    if (message.delay_level() > 0 || wire::IsRetryTopic(message.topic())) {
      return Error(Errc::invalid_argument, "delayed messages and retries cannot be in a batch");
    }
    if (message.wait_stored() != messages.front().wait_stored()) {
      return Error(Errc::invalid_argument, "the messages of a batch differ in wait_stored");
    }
    const std::string id = runtime_->NextMessageId();
    outgoing.message_id += outgoing.message_id.empty() ? id : "," + id;
    wire::AppendBatchElement(
        {.flag = message.flag(),
         .body = message.body(),
         .properties = EncodeProperties(message, id, runtime_->options().name_space)},
        &outgoing.body);
    ids->push_back(id);
  }
  if (outgoing.body.size() > options_.max_message_bytes) {
    return Error(Errc::message_too_large,
                 Concat("the batch has ", outgoing.body.size(), " bytes, more than the ",
                        options_.max_message_bytes, " allowed; send it in parts"));
  }
  wire::AppendProperty(wire::property::kWait, messages.front().wait_stored() ? "true" : "false",
                       &outgoing.properties);
  return outgoing;
}

Result<void> Producer::Impl::Launch(client::Outgoing outgoing, Target target,
                                    std::optional<Message> message, SendCallback done,
                                    Timeout timeout) {
  const auto id =
      pending_.Enter(outgoing.body.size() + outgoing.properties.size(), std::move(done));
  if (!id) return id.error();
  const Duration time = timeout.count() > 0 ? timeout : options_.send_timeout;
  client::SendAttempts::Start(runtime_, options_, picker_, std::move(outgoing), std::move(target),
                              std::move(message), SystemClock().Now() + time,
                              [self = shared_from_this(), id = *id](Result<SendReceipt> outcome) {
                                self->pending_.Answer(id, std::move(outcome));
                              });
  return {};
}

void Producer::Impl::BeforeSend(Message& message) {
  runtime_->interceptors().BeforeSend(message, options_.group);
}

SendCallback Producer::Impl::WithInterceptors(std::vector<Message> messages,
                                              std::vector<std::string> ids, SendCallback done) {
  return [self = shared_from_this(), messages = std::move(messages), ids = std::move(ids),
          done = std::move(done)](Result<SendReceipt> outcome) {
    for (std::size_t i = 0; i < messages.size(); ++i) {
      self->runtime_->interceptors().AfterSend({messages[i], self->options_.group, ids[i]},
                                               outcome);
    }
    done(std::move(outcome));
  };
}

Result<void> Producer::Impl::SendAsync(Message message, Target target, SendCallback done,
                                       Timeout timeout) {
  BeforeSend(message);
  auto outgoing = Encode(message);
  if (!outgoing) return outgoing.error();
  target.ordering_key = std::string(message.ordering_key());
  if (!runtime_->interceptors().empty()) {
    done = WithInterceptors({message}, {outgoing->message_id}, std::move(done));
  }
  std::optional<Message> for_selector;
  if (target.selector) {
    outgoing->body = message.body();
    for_selector = std::move(message);
  } else {
    outgoing->body = std::move(message).release_body();
  }
  return Launch(std::move(*outgoing), std::move(target), std::move(for_selector), std::move(done),
                timeout);
}

Result<SendReceipt> Producer::Impl::Send(Message message, Target target, Timeout timeout) {
  if (auto may = runtime_->MayWait("send()"); !may) return may.error();
  std::promise<Result<SendReceipt>> answer;
  auto future = answer.get_future();
  auto accepted = SendAsync(
      std::move(message), std::move(target),
      [&answer](Result<SendReceipt> outcome) { answer.set_value(std::move(outcome)); }, timeout);
  if (!accepted) return accepted.error();
  return future.get();
}

Result<SendReceipt> Producer::Impl::SendBatch(std::vector<Message> messages, Timeout timeout) {
  if (auto may = runtime_->MayWait("send_batch()"); !may) return may.error();
  for (Message& message : messages) BeforeSend(message);
  std::vector<std::string> ids;
  auto outgoing = EncodeBatch(messages, &ids);
  if (!outgoing) return outgoing.error();
  Target target;
  target.ordering_key = std::string(messages.front().ordering_key());
  std::promise<Result<SendReceipt>> answer;
  auto future = answer.get_future();
  SendCallback done = [&answer](Result<SendReceipt> outcome) {
    answer.set_value(std::move(outcome));
  };
  if (!runtime_->interceptors().empty()) {
    done = WithInterceptors(std::move(messages), std::move(ids), std::move(done));
  }
  auto accepted =
      Launch(std::move(*outgoing), std::move(target), std::nullopt, std::move(done), timeout);
  if (!accepted) return accepted.error();
  return future.get();
}

Result<void> Producer::Impl::SendOneway(Message message) {
  if (auto may = runtime_->MayWait("send_oneway()"); !may) return may.error();
  if (pending_.refusing()) return Error(Errc::closed, "the producer has been closed");
  BeforeSend(message);
  auto outgoing = Encode(message);
  if (!outgoing) return outgoing.error();
  outgoing->body = message.body();
  auto route = runtime_->routes().GetAndWait(message.topic());
  if (!route) return route.error();
  Target target;
  target.ordering_key = std::string(message.ordering_key());
  return client::SendAttempts::Oneway(*runtime_, options_, *picker_, *outgoing, target, *route);
}

Result<std::vector<Queue>> Producer::Impl::Queues(const std::string& topic) {
  if (auto may = runtime_->MayWait("queues()"); !may) return may.error();
  auto route = runtime_->routes().GetAndWait(topic);
  if (!route) return route.error();
  return (*route)->writable;
}

Result<void> Producer::Impl::Flush(std::chrono::milliseconds timeout) {
  if (auto may = runtime_->MayWait("flush()"); !may) return may;
  return pending_.Wait(timeout);
}

Result<void> Producer::Impl::Close(std::chrono::milliseconds timeout) {
  if (!pending_.Refuse()) return {};
  runtime_->RemoveProducerGroup(wire_group_);
  if (auto may = runtime_->MayWait("close()"); !may) return may;
  auto answered = pending_.Wait(timeout);
  if (!answered) {
    pending_.AnswerAll(Error(
        Errc::closed, "the producer was closed before the broker answered; it may be stored"));
  }
  return answered;
}

Producer::Producer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Producer::Producer(Producer&&) noexcept = default;

Producer& Producer::operator=(Producer&& other) noexcept {
  if (this != &other) {
    if (impl_) static_cast<void>(close());
    impl_ = std::move(other.impl_);
  }
  return *this;
}

Producer::~Producer() {
  if (impl_) static_cast<void>(close());
}

Result<SendReceipt> Producer::send(Message message, Timeout timeout) {
  return impl_->Send(std::move(message), {}, timeout);
}

Result<SendReceipt> Producer::send(Message message, const Queue& queue, Timeout timeout) {
  return impl_->Send(std::move(message), {.queue = queue, .ordering_key = {}, .selector = {}},
                     timeout);
}

Result<SendReceipt> Producer::send(Message message, const QueueSelector& selector,
                                   Timeout timeout) {
  return impl_->Send(std::move(message), {.queue = {}, .ordering_key = {}, .selector = selector},
                     timeout);
}

Result<SendReceipt> Producer::send_batch(std::vector<Message> messages, Timeout timeout) {
  return impl_->SendBatch(std::move(messages), timeout);
}

Result<void> Producer::send_async(Message message, SendCallback done, Timeout timeout) {
  return impl_->SendAsync(std::move(message), {}, std::move(done), timeout);
}

Result<void> Producer::send_async(Message message, const Queue& queue, SendCallback done,
                                  Timeout timeout) {
  return impl_->SendAsync(std::move(message), {.queue = queue, .ordering_key = {}, .selector = {}},
                          std::move(done), timeout);
}

std::future<Result<SendReceipt>> Producer::send_future(Message message, Timeout timeout) {
  auto answer = std::make_shared<std::promise<Result<SendReceipt>>>();
  auto future = answer->get_future();
  auto accepted = send_async(
      std::move(message),
      [answer](Result<SendReceipt> outcome) { answer->set_value(std::move(outcome)); }, timeout);
  if (!accepted) answer->set_value(accepted.error());
  return future;
}

Result<void> Producer::send_oneway(Message message) {
  return impl_->SendOneway(std::move(message));
}

Result<std::vector<Queue>> Producer::queues(const std::string& topic) {
  return impl_->Queues(topic);
}

std::size_t Producer::pending() const {
  return impl_->pending();
}

Result<void> Producer::flush(std::chrono::milliseconds timeout) {
  return impl_->Flush(timeout);
}

Result<void> Producer::close(std::chrono::milliseconds timeout) {
  return impl_->Close(timeout);
}

}  // namespace comet
