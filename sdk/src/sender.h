#pragma once

#include <comet/producer.h>

#include <atomic>
#include <memory>
#include <string>

#include "remoting/base/status_or.h"
#include "remoting/wire/requests/send_message.h"
#include "sdk/src/broker_health.h"
#include "sdk/src/pending_sends.h"
#include "sdk/src/queue_picker.h"
#include "sdk/src/runtime.h"
#include "sdk/src/send_op.h"
#include "sdk/src/send_report.h"

namespace comet::client {

// Brings the accepted sends of one producer to the brokers: looks up the route, picks a queue,
// sends, and tries again elsewhere until it is stored, the attempts are used up or the time is
// over. Lives as long as one of them is under way. Thread-safe.
class Sender : public std::enable_shared_from_this<Sender> {
 public:
  Sender(std::shared_ptr<Runtime> runtime, const ProducerOptions& options,
         PendingSends::Limits limits);

  PendingSends& pending() { return pending_; }
  const SendReport& report() const { return report_; }
  const std::string& wire_group() const { return wire_group_; }

  // An operation to be filled; give it to Start or Drop.
  SendOp& NewOp() { return *pending_.Take(shared_from_this()); }
  void Drop(SendOp& op);
  // The operation is complete: from here on it is answered exactly once. Calls back on a loop.
  void Start(SendOp& op);
  // Sends without waiting for an answer, on one attempt.
  Result<void> SendOneway(SendOp& op, RoutePtr route);

  // What a holder does with an operation it gives up. May end the sender.
  void Abandon(SendOp* op);
  // Answers all that is under way.
  void AnswerAll(const Error& error);

 private:
  using Answer = net::Answer<wire::SendMessage>;

  void FindRoute(SendHandle op, MonoTime now);
  void FindTemplateRoute(SendHandle op);
  void SendTo(SendHandle op, RoutePtr route, MonoTime now);
  Result<const Master*> PickTarget(SendOp& op, MonoTime now);
  void OnAnswer(SendHandle op, const Master& master, StatusOr<Answer> answer);
  void TryAgainOrFail(SendHandle op, Error error);
  bool HasOtherBroker(const SendOp& op) const;
  void Succeed(SendHandle op, SendStatus status, const Answer& answer);
  void Fail(SendHandle op, const Error& error);
  void FailHere(SendHandle op, const Error& error);
  wire::SendMessage::Header HeaderOf(const SendOp& op) const;

  const std::shared_ptr<Runtime> runtime_;
  const ProducerOptions options_;
  const std::string wire_group_;
  SendReport report_;
  PendingSends pending_;
  QueuePicker picker_;
  BrokerHealth health_;
};

}  // namespace comet::client
