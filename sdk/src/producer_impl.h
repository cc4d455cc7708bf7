#pragma once

#include <comet/producer.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "remoting/base/mutex.h"
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
  Result<void> SendOneway(const Message& message);
  Result<std::vector<Queue>> Queues(const std::string& topic);

  std::size_t pending() const { return pending_.load(); }
  Result<void> Flush(std::chrono::milliseconds timeout) EXCLUDES(mutex_);
  Result<void> Close(std::chrono::milliseconds timeout) EXCLUDES(mutex_);

 private:
  Result<client::Outgoing> Encode(const Message& message);
  Result<client::Outgoing> EncodeBatch(const std::vector<Message>& messages);
  // Takes a place in flight, starts, and gives the place back before `done` runs.
  Result<void> Launch(client::Outgoing outgoing, Target target, std::optional<Message> message,
                      SendCallback done, Timeout timeout);
  Result<void> TakePlace(std::size_t bytes) EXCLUDES(mutex_);
  void GivePlaceBack(std::size_t bytes) EXCLUDES(mutex_);

  const std::shared_ptr<client::Runtime> runtime_;
  const ProducerOptions options_;
  const std::shared_ptr<client::QueuePicker> picker_;
  std::atomic<std::size_t> pending_ = 0;
  std::atomic<std::size_t> pending_bytes_ = 0;
  std::atomic<bool> closed_ = false;
  Mutex mutex_;
  CondVar all_answered_;
};

}  // namespace comet
