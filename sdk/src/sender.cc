#include "sdk/src/sender.h"

#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/foreign_call.h"
#include "sdk/src/name_space.h"

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

Result<std::size_t> CallSelector(const QueueSelector& selector, const std::vector<Queue>& queues,
                                 const Message& message) {
  std::size_t place = 0;
  const std::string thrown = CallForeign([&] { place = selector(queues, message); });
  if (!thrown.empty()) {
    return Error(Errc::invalid_argument, Concat("the queue selector has thrown: ", thrown));
  }
  if (place >= queues.size()) {
    return Error(Errc::invalid_argument,
                 Concat("the selector picked queue ", place, " of ", queues.size()));
  }
  return place;
}

net::CallOptions CallOptionsOf(const SendOp& op) {
  net::CallOptions options;
  options.code = op.batch ? 320 : 310;
  options.spelling = wire::Spelling::kShort;
  return options;
}

Error NoMaster(const std::string& broker) {
  return {Errc::no_route,
          Concat("broker ", broker, " has no master at present; start it, or send elsewhere")};
}

}  // namespace

SendHandle::~SendHandle() {
  if (op_ == nullptr) return;
  const std::shared_ptr<Sender> sender = op_->owner;
  sender->Abandon(op_);
}

Sender::Sender(std::shared_ptr<Runtime> runtime, const ProducerOptions& options,
               PendingSends::Limits limits)
    : runtime_(std::move(runtime)),
      options_(options),
      wire_group_(WrapName(runtime_->options().name_space, options.group)),
      report_(*runtime_, options.group),
      pending_(limits),
      health_(options.avoid_slow_brokers) {}

void Sender::Drop(SendOp& op) {
  pending_.Recycle(&op);
}

void Sender::Start(SendOp& op) {
  op.answered.store(false);
  FindRoute(SendHandle(&op), SystemClock().Now());
}

void Sender::Abandon(SendOp* op) {
  FailHere(SendHandle(op), Error(Errc::closed, Concat("sending to ", op->topic,
                                                      ": the client was closed before the broker "
                                                      "answered; it may be stored")));
}

void Sender::AnswerAll(const Error& error) {
  for (SendOp* op : pending_.TakeUnanswered()) {
    const std::size_t entered = op->entered, bytes = op->entered_bytes;
    report_.Failed(*op, error);
    pending_.Leave(entered, bytes);
  }
}

void Sender::FindRoute(SendHandle op, MonoTime now) {
  if (op->answered.load()) {  // the producer was closed meanwhile
    pending_.Recycle(op.Release());
    return;
  }
  if (auto known = runtime_->routes().Known(op->topic, now)) {
    SendTo(std::move(op), std::move(known), now);
    return;
  }
  const std::string topic = op->topic;
  const MonoTime deadline = op->deadline;
  auto use = [op = std::move(op)](Result<RoutePtr> route) mutable {
    Sender& self = *op->owner;
    if (route) {
      self.SendTo(std::move(op), std::move(*route), SystemClock().Now());
    } else if (route.error().code() == Errc::topic_not_found) {
      self.FindTemplateRoute(std::move(op));
    } else {
      ++op->attempts;  // a route that cannot be had counts as one
      self.TryAgainOrFail(std::move(op), route.error());
    }
  };
  runtime_->routes().Get(topic, std::move(use), deadline);
}

// The topic does not exist: a broker that may create topics does so at the first send.
void Sender::FindTemplateRoute(SendHandle op) {
  const MonoTime deadline = op->deadline;
  auto use = [op = std::move(op)](Result<RoutePtr> route) mutable {
    Sender& self = *op->owner;
    if (!route && route.error().code() != Errc::topic_not_found) {
      ++op->attempts;
      self.TryAgainOrFail(std::move(op), route.error());
      return;
    }
    if (!route || (*route)->writable.empty()) {
      const std::string topic = op->topic;
      self.Fail(std::move(op),
                Error(Errc::topic_not_found,
                      Concat("topic ", topic,
                             " does not exist and no broker creates topics; create it with "
                             "mqadmin updateTopic")));
      return;
    }
    RoutePtr made =
        (*route)->ForNewTopic(op->topic, WrapName(self.runtime_->options().name_space, op->topic),
                              self.options_.default_topic_queues);
    self.SendTo(std::move(op), std::move(made), SystemClock().Now());
  };
  runtime_->routes().Get(std::string(wire::kAutoCreateTopic), std::move(use), deadline);
}

Result<const Master*> Sender::PickTarget(SendOp& op, MonoTime now) {
  const Route& route = *op.route;
  if (op.target.queue) {
    const Master* master = route.MasterNamed(op.target.queue->broker);
    if (master == nullptr) return NoMaster(op.target.queue->broker);
    return master;
  }
  std::optional<std::size_t> place;
  if (op.target.selector && !route.writable.empty()) {
    auto picked = CallSelector(op.target.selector, route.writable, op.kept.front());
    if (!picked) return picked.error();
    place = *picked;
  } else if (!op.target.ordering_key.empty()) {
    place = QueuePicker::ForKey(route.writable, op.target.ordering_key);
  } else {
    place = picker_.Next(route.writable, op.last_broker, health_, now);
  }
  if (!place) {
    return Error(Errc::no_route, Concat("topic ", op.topic,
                                        " has no queue that can be written to: "
                                        "check its perm and that a master broker is up"));
  }
  if (op.target.selector) {  // asked once: the message stays with that queue
    op.target.selector = nullptr;
    op.target.queue = route.writable[*place];
  }
  op.queue_at = *place;
  return &route.masters[route.master_of_writable[*place]];
}

wire::SendMessage::Header Sender::HeaderOf(const SendOp& op) const {
  wire::SendMessage::Header header;
  header.producer_group = wire_group_;
  header.topic = op.route->wire_topic;
  header.default_topic = wire::kAutoCreateTopic;
  header.default_topic_queues = options_.default_topic_queues;
  header.queue_id = op.queue().id;
  header.sys_flag = op.sys_flag;
  header.born_ms = op.born_ms;
  header.flag = op.flag;
  header.properties = op.properties;
  header.batch = op.batch;
  return header;
}

void Sender::SendTo(SendHandle op, RoutePtr route, MonoTime now) {
  if (now >= op->deadline) {
    Fail(std::move(op), Error(Errc::timeout,
                              "the time was over before a broker could be asked; give "
                              "ProducerOptions::send_timeout more"));
    return;
  }
  op->route = std::move(route);
  const auto picked = PickTarget(*op, now);
  if (!picked) {
    ++op->attempts;
    TryAgainOrFail(std::move(op), picked.error());
    return;
  }
  const Master& master = **picked;
  ++op->attempts;
  net::CallOptions call = CallOptionsOf(*op);
  call.timeout = op->deadline - now;
  SendOp& sent = *op;
  // Nothing here is touched after the call: the answer may come before it returns.
  master.server->Call<wire::SendMessage>(
      HeaderOf(sent), sent.body, call,
      [op = std::move(op), &master, now](StatusOr<Answer> answer) mutable {
        Sender& self = *op->owner;
        if (answer.ok()) {
          const MonoTime end = self.options_.avoid_slow_brokers ? SystemClock().Now() : now;
          self.health_.OnAnswer(master.broker, end - now, end);
        }
        self.OnAnswer(std::move(op), master, std::move(answer));
      });
}

void Sender::OnAnswer(SendHandle op, const Master& master, StatusOr<Answer> answer) {
  if (!answer.ok() && answer.error().code() == Status::Code::kFull) {
    --op->attempts;  // it never left: waits for room somewhere until its time is over
    op->last_broker = master.broker;
    TryAgainOrFail(std::move(op), FromStatus(answer.error(), "sending", master.address));
    return;
  }
  if (!answer.ok()) {
    runtime_->routes().Distrust(op->topic);
    health_.OnUnreachable(master.broker, SystemClock().Now());
    op->last_broker = master.broker;
    Error error =
        FromStatus(answer.error(), Concat("sending to ", op->queue().to_string()), master.address);
    TryAgainOrFail(std::move(op), std::move(error));
    return;
  }
  const auto status = SendStatusOf(answer->code);
  op->last_broker = master.broker;
  if (status) {
    const bool elsewhere = *status != SendStatus::ok && options_.retry_not_stored_ok &&
                           op->attempts <= options_.retries && HasOtherBroker(*op);
    if (!elsewhere) return Succeed(std::move(op), *status, *answer);
  }
  Error error = FromResponse(answer->code, answer->remark,
                             Concat("sending to ", op->queue().to_string()), master.address);
  if (status || WorthAnotherBroker(answer->code)) {
    TryAgainOrFail(std::move(op), std::move(error));
  } else {
    Fail(std::move(op), error);
  }
}

bool Sender::HasOtherBroker(const SendOp& op) const {
  if (op.target.queue || op.target.selector || !op.target.ordering_key.empty()) return false;
  const MonoTime now = SystemClock().Now();
  for (const Master& master : op.route->masters) {
    if (master.broker != op.last_broker && !health_.IsAvoided(master.broker, now)) return true;
  }
  return false;
}

void Sender::TryAgainOrFail(SendHandle op, Error error) {
  const MonoTime again = SystemClock().Now() + kPause;
  const bool worth = error.retriable() || WorthAnotherBroker(error.broker_code());
  if (op->attempts > options_.retries || again >= op->deadline || !worth ||
      error.code() == Errc::timeout) {
    Fail(std::move(op), error);
    return;
  }
  report_.Retried();
  // That a connection is full is said at once, and of the other broker's too: not without a pause.
  const bool at_once = error.code() != Errc::queue_full;
  if (at_once && op->route && !op->last_broker.empty() && HasOtherBroker(*op)) {
    FindRoute(std::move(op), again - kPause);
    return;
  }
  net::EventLoop& loop = runtime_->loop();
  loop.Post([&loop, op = std::move(op)]() mutable {
    loop.After(kPause, [op = std::move(op)]() mutable {
      Sender& self = *op->owner;
      self.FindRoute(std::move(op), SystemClock().Now());
    });
  });
}

void Sender::Succeed(SendHandle op, SendStatus status, const Answer& answer) {
  if (!op->answered.exchange(true)) {
    SendReceipt receipt;
    receipt.status = status;
    receipt.offset_id = answer.reply.message_id;
    receipt.queue = op->queue();
    receipt.queue.id = answer.reply.queue_id;
    receipt.offset = answer.reply.queue_offset;
    const std::size_t entered = op->entered, bytes = op->entered_bytes;
    report_.Stored(*op, std::move(receipt));
    pending_.Leave(entered, bytes);
  }
  pending_.Recycle(op.Release());
}

// Callbacks run on loops: not inside the call that sends.
void Sender::Fail(SendHandle op, const Error& error) {
  if (!runtime_->MayWait("")) return FailHere(std::move(op), error);
  runtime_->loop().Post([op = std::move(op), error]() mutable {
    Sender& self = *op->owner;
    self.FailHere(std::move(op), error);
  });
}

void Sender::FailHere(SendHandle op, const Error& error) {
  if (!op->answered.exchange(true)) {
    const std::size_t entered = op->entered, bytes = op->entered_bytes;
    report_.Failed(*op, Error(error).with_attempts(op->attempts));
    pending_.Leave(entered, bytes);
  }
  pending_.Recycle(op.Release());
}

Result<void> Sender::SendOneway(SendOp& op, RoutePtr route) {
  op.route = std::move(route);
  const auto master = PickTarget(op, SystemClock().Now());
  if (!master) return master.error();
  (*master)->server->CallOneway<wire::SendMessage>(HeaderOf(op), op.body, CallOptionsOf(op));
  return {};
}

}  // namespace comet::client
