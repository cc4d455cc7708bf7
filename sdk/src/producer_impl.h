#pragma once

#include <comet/producer.h>

#include <memory>
#include <optional>
#include <string>

#include "sdk/src/pending_sends.h"
#include "sdk/src/queue_picker.h"
#include "sdk/src/runtime.h"
#include "sdk/src/send_attempts.h"

namespace comet {

// Checks and encodes messages, bounds what is in flight, and knows when everything is answered.
class Producer::Impl : public std::enable_shared_from_this<Producer::Impl> {
 public:
  Impl(std::shared_ptr<client::Runtime> runtime, ProducerOptions options);

  using Target = client::SendAttempts::Target;

  Result<SendReceipt> Send(Message message, Target target, Timeout timeout);
  Result<void> SendAsync(Message message, Target target, SendCallback done, Timeout timeout);
  Result<SendReceipt> SendBatch(std::vector<Message> messages, Timeout timeout);
  Result<void> SendOneway(Message message);
  Result<std::vector<Queue>> Queues(const std::string& topic);

  std::size_t pending() const { return pending_.count(); }
  Result<void> Flush(std::chrono::milliseconds timeout);
  Result<void> Close(std::chrono::milliseconds timeout);

 private:
  Result<client::Outgoing> Encode(const Message& message);
  Result<client::Outgoing> EncodeBatch(const std::vector<Message>& messages,
                                       std::vector<std::string>* ids);
  void BeforeSend(Message& message);
  // Calls the interceptors before `done`; messages[i] has the id ids[i].
  SendCallback WithInterceptors(std::vector<Message> messages, std::vector<std::string> ids,
                                SendCallback done);
  // Takes a place in flight and starts.
  Result<void> Launch(client::Outgoing outgoing, Target target, std::optional<Message> message,
                      SendCallback done, Timeout timeout);

  const std::shared_ptr<client::Runtime> runtime_;
  const ProducerOptions options_;
  const std::string wire_group_;
  const std::shared_ptr<client::QueuePicker> picker_;
  client::PendingSends pending_;
};

}  // namespace comet
