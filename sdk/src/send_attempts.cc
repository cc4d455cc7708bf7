#include "sdk/src/send_attempts.h"

#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"

namespace comet::client {
namespace {

using wire::ResponseCode;

constexpr Duration kPause = std::chrono::milliseconds(50);  // before the same broker is tried again

std::optional<SendStatus> SendStatusOf(std::int32_t code) {
  switch (code) {
    case ResponseCode::kSuccess:
      return SendStatus::ok;
    case ResponseCode::kFlushDiskTimeout:
      return SendStatus::flush_disk_timeout;
    case ResponseCode::kFlushSlaveTimeout:
      return SendStatus::flush_slave_timeout;
    case ResponseCode::kSlaveNotAvailable:
      return SendStatus::slave_not_available;
    default:
      return std::nullopt;
  }
}

Result<Queue> PickQueue(const std::vector<Queue>& queues, QueuePicker& picker,
                        const SendAttempts::Target& target, const std::optional<Message>& message,
                        std::string_view avoid, const std::string& topic) {
  if (target.queue) return *target.queue;
  std::optional<Queue> picked;
  if (target.selector && message && !queues.empty()) {
    const std::size_t place = target.selector(queues, *message);
    if (place >= queues.size()) {
      return Error(Errc::invalid_argument,
                   Concat("the selector picked queue ", place, " of ", queues.size()));
    }
    picked = queues[place];
  } else if (!target.ordering_key.empty()) {
    picked = QueuePicker::ForKey(queues, target.ordering_key);
  } else {
    picked = picker.Next(queues, avoid);
  }
  if (!picked) {
    return Error(Errc::no_route, Concat("topic ", topic,
                                        " has no queue that can be written to: "
                                        "check its perm and that a master broker is up"));
  }
  return *picked;
}

// Brokers listen for sends on a second port, two below the one they announce.
std::string SendAddress(std::string master, bool vip_channel) {
  const auto colon = master.rfind(':');
  if (!vip_channel || colon == std::string::npos) return master;
  const auto port = ParseNumber<int>(std::string_view(master).substr(colon + 1));
  if (!port || *port <= 2) return master;
  return Concat(std::string_view(master).substr(0, colon + 1), *port - 2);
}

wire::SendMessage::Header HeaderOf(const Outgoing& message, const ProducerOptions& options,
                                   int queue_id) {
  wire::SendMessage::Header header;
  header.producer_group = message.group;
  header.topic = message.wire_topic;
  header.default_topic = wire::kAutoCreateTopic;
  header.default_topic_queues = options.default_topic_queues;
  header.queue_id = queue_id;
  header.born_ms = SystemClock().WallNow();
  header.flag = message.flag;
  header.properties = message.properties;
  header.batch = message.batch;
  return header;
}

net::CallOptions SendOptions(const Outgoing& message) {
  net::CallOptions options;
  options.code = message.batch ? 320 : 310;
  options.spelling = wire::Spelling::kShort;
  return options;
}

}  // namespace

SendAttempts::SendAttempts(std::shared_ptr<Runtime> runtime, const ProducerOptions& options,
                           std::shared_ptr<QueuePicker> picker, Outgoing message, Target target,
                           std::optional<Message> for_selector, MonoTime deadline,
                           SendCallback done)
    : runtime_(std::move(runtime)),
      options_(options),
      picker_(std::move(picker)),
      message_(std::move(message)),
      target_(std::move(target)),
      for_selector_(std::move(for_selector)),
      deadline_(deadline),
      done_(std::move(done)) {}

SendAttempts::~SendAttempts() {
  Finish(Error(Errc::closed, Concat("sending to ", message_.topic,
                                    ": the client was closed before the broker answered")));
}

void SendAttempts::Start(std::shared_ptr<Runtime> runtime, const ProducerOptions& options,
                         std::shared_ptr<QueuePicker> picker, Outgoing message, Target target,
                         std::optional<Message> for_selector, MonoTime deadline,
                         SendCallback done) {
  const std::shared_ptr<SendAttempts> attempts(
      new SendAttempts(std::move(runtime), options, std::move(picker), std::move(message),
                       std::move(target), std::move(for_selector), deadline, std::move(done)));
  attempts->FindRoute();
}

void SendAttempts::FindRoute() {
  runtime_->routes().Get(message_.topic, [self = shared_from_this()](Result<RoutePtr> route) {
    if (route) {
      self->SendTo(*route);
    } else if (route.error().code() == Errc::topic_not_found) {
      self->FindTemplateRoute();
    } else {
      self->TryAgainOrFail(route.error());
    }
  });
}

// The topic does not exist: a broker that may create topics does so at the first send.
void SendAttempts::FindTemplateRoute() {
  runtime_->routes().Get(
      std::string(wire::kAutoCreateTopic), [self = shared_from_this()](Result<RoutePtr> route) {
        if (!route || (*route)->writable.empty()) {
          self->Finish(Error(Errc::topic_not_found,
                             Concat("topic ", self->message_.topic,
                                    " does not exist and no broker creates topics; create it with "
                                    "mqadmin updateTopic")));
          return;
        }
        auto copy = std::make_shared<Route>(**route);
        std::erase_if(copy->writable,
                      [&](const Queue& q) { return q.id >= self->options_.default_topic_queues; });
        for (Queue& queue : copy->writable) queue.topic = self->message_.topic;
        self->SendTo(copy);
      });
}

void SendAttempts::SendTo(const RoutePtr& route) {
  const MonoTime now = SystemClock().Now();
  if (now >= deadline_) {
    Finish(Error(Errc::timeout, Concat("sending to ", message_.topic,
                                       ": the time was over before a broker could be asked"))
               .with_attempts(attempts_));
    return;
  }
  const auto queue =
      PickQueue(route->writable, *picker_, target_, for_selector_, last_broker_, message_.topic);
  if (!queue) {
    TryAgainOrFail(queue.error());
    return;
  }
  const std::string address =
      SendAddress(route->MasterOf(queue->broker), runtime_->options().vip_channel);
  if (address.empty()) {
    TryAgainOrFail(Error(Errc::no_route, Concat("broker ", queue->broker, " has no master")));
    return;
  }
  ++attempts_;
  net::CallOptions call = SendOptions(message_);
  call.timeout = deadline_ - now;
  const auto server = runtime_->ServerAt(address);
  server->Call<wire::SendMessage>(HeaderOf(message_, options_, queue->id), message_.body, call,
                                  [self = shared_from_this(), queue = *queue,
                                   address](StatusOr<net::Answer<wire::SendMessage>> answer) {
                                    self->OnAnswer(queue, address, std::move(answer));
                                  });
}

void SendAttempts::OnAnswer(const Queue& queue, const std::string& address,
                            StatusOr<net::Answer<wire::SendMessage>> answer) {
  last_broker_ = queue.broker;
  if (!answer.ok()) {
    runtime_->routes().Distrust(message_.topic);
    TryAgainOrFail(FromStatus(answer.error(), Concat("sending to ", queue.to_string()), address));
    return;
  }
  const auto status = SendStatusOf(answer->code);
  if (status) {
    SendReceipt receipt;
    receipt.status = *status;
    receipt.message_id = message_.message_id;
    receipt.offset_id = std::string(answer->reply.message_id);
    receipt.queue = queue;
    receipt.queue.id = answer->reply.queue_id;
    receipt.offset = answer->reply.queue_offset;
    Finish(std::move(receipt));
    return;
  }
  Error error =
      FromResponse(answer->code, answer->remark, Concat("sending to ", queue.to_string()), address);
  if (WorthAnotherBroker(answer->code)) {
    TryAgainOrFail(std::move(error));
  } else {
    Finish(std::move(error).with_attempts(attempts_));
  }
}

void SendAttempts::TryAgainOrFail(Error error) {
  const MonoTime again = SystemClock().Now() + kPause;
  if (attempts_ > options_.retries || again >= deadline_ || !error.retriable() ||
      error.code() == Errc::timeout) {
    Finish(std::move(error).with_attempts(attempts_));
    return;
  }
  if (attempts_ == 0) ++attempts_;  // a route that cannot be had counts as an attempt
  runtime_->loop().Post([self = shared_from_this()] {
    self->runtime_->loop().After(kPause, [self] { self->FindRoute(); });
  });
}

void SendAttempts::Finish(Result<SendReceipt> outcome) {
  if (done_) std::exchange(done_, nullptr)(std::move(outcome));
}

Result<void> SendAttempts::Oneway(Runtime& runtime, const ProducerOptions& options,
                                  QueuePicker& picker, const Outgoing& message,
                                  const Target& target, const RoutePtr& route) {
  const auto queue = PickQueue(route->writable, picker, target, std::nullopt, {}, message.topic);
  if (!queue) return queue.error();
  const std::string address =
      SendAddress(route->MasterOf(queue->broker), runtime.options().vip_channel);
  if (address.empty()) {
    return Error(Errc::no_route, Concat("broker ", queue->broker, " has no master"));
  }
  runtime.ServerAt(address)->CallOneway<wire::SendMessage>(HeaderOf(message, options, queue->id),
                                                           message.body, SendOptions(message));
  return {};
}

}  // namespace comet::client
