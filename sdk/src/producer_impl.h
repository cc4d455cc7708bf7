#pragma once

#include <comet/producer.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/src/batcher.h"
#include "sdk/src/runtime.h"
#include "sdk/src/sender.h"

namespace comet {

// Checks and encodes messages, and gives them to the sender or the batcher.
class Producer::Impl {
 public:
  Impl(std::shared_ptr<client::Runtime> runtime, ProducerOptions options);

  using Target = client::SendTarget;

  Result<SendReceipt> Send(Message message, Target target, Timeout timeout);
  Result<void> SendAsync(Message message, Target target, SendCallback done, Timeout timeout);
  Result<SendReceipt> SendBatch(std::vector<Message> messages, Timeout timeout);
  Result<void> SendOneway(Message message);
  Result<std::vector<Queue>> Queues(const std::string& topic);

  bool forked() const;
  ProducerStats Stats() const;
  std::size_t pending() const { return sender_->pending().count(); }
  Result<void> Flush(std::chrono::milliseconds timeout);
  Result<void> Close(std::chrono::milliseconds timeout);

 private:
  struct Times {
    MonoTime start, deadline;
  };
  Times TimesOf(Timeout timeout) const;
  Result<void> Enter(std::size_t bytes, const Times& times);
  // `waited_for`: somebody blocks until the answer, so that it must not linger for company.
  Result<void> Accept(Message message, Target target, SendCallback done, Timeout timeout,
                      bool waited_for);
  bool MayLinger(const Message& message, Target* target, const Times& times, bool waited_for);
  // Fills all but the target, the callback and the times. On an error the operation is unusable.
  Result<void> Encode(Message message, bool keep, client::SendOp& op);
  Result<void> EncodeBatch(std::vector<Message> messages, client::SendOp& op);
  Result<void> CheckBatch(const std::vector<Message>& messages) const;
  Result<void> Launch(client::SendOp& op, SendCallback done, const Times& times);

  const std::shared_ptr<client::Runtime> runtime_;
  const ProducerOptions options_;
  const std::shared_ptr<client::Sender> sender_;
  const std::shared_ptr<client::Batcher> batcher_;  // null without automatic batching
};

}  // namespace comet
