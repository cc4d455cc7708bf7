#pragma once

#include <comet/producer.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "remoting/base/clock.h"
#include "remoting/wire/requests/send_message.h"
#include "sdk/src/queue_picker.h"
#include "sdk/src/runtime.h"

namespace comet::client {

// A message, or a batch, ready to be sent.
struct Outgoing {
  std::string topic;  // as the application calls it
  std::string wire_topic;
  std::string group;  // as brokers call it
  std::string body;
  std::string properties;
  std::string message_id;  // of a batch several, with commas
  std::int32_t flag = 0;
  bool batch = false;
};

// One accepted send on its way: looks up the route, picks a queue, sends, and tries again
// elsewhere until it is stored, the attempts are used up or the time is over. Keeps itself alive;
// calls back exactly once, on a loop.
class SendAttempts : public std::enable_shared_from_this<SendAttempts> {
 public:
  ~SendAttempts();  // answers with Errc::closed if the client was closed under it
  SendAttempts(const SendAttempts&) = delete;
  SendAttempts& operator=(const SendAttempts&) = delete;

  struct Target {
    std::optional<Queue> queue;  // only there
    std::string ordering_key;    // or always the queue of this key
    QueueSelector selector;      // or what this picks
  };

  static void Start(std::shared_ptr<Runtime> runtime, const ProducerOptions& options,
                    std::shared_ptr<QueuePicker> picker, Outgoing message, Target target,
                    std::optional<Message> for_selector, MonoTime deadline, SendCallback done);

  // Sends without waiting for an answer, on one attempt.
  static Result<void> Oneway(Runtime& runtime, const ProducerOptions& options, QueuePicker& picker,
                             const Outgoing& message, const Target& target, const RoutePtr& route);

 private:
  SendAttempts(std::shared_ptr<Runtime> runtime, const ProducerOptions& options,
               std::shared_ptr<QueuePicker> picker, Outgoing message, Target target,
               std::optional<Message> for_selector, MonoTime deadline, SendCallback done);

  void FindRoute();
  void FindTemplateRoute();
  void SendTo(const RoutePtr& route);
  void OnAnswer(const Queue& queue, const std::string& address,
                StatusOr<net::Answer<wire::SendMessage>> answer);
  void TryAgainOrFail(Error error);
  void Finish(Result<SendReceipt> outcome);

  const std::shared_ptr<Runtime> runtime_;
  const ProducerOptions options_;
  const std::shared_ptr<QueuePicker> picker_;
  const Outgoing message_;
  const Target target_;
  const std::optional<Message> for_selector_;
  const MonoTime deadline_;
  SendCallback done_;
  int attempts_ = 0;
  std::string last_broker_;
};

}  // namespace comet::client
