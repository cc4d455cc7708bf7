#pragma once

#include <comet/message.h>
#include <comet/options.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace comet {

// Runs on a thread of the library; must not block. Every accepted send is answered exactly once,
// before close() returns. What a callback throws is logged and does nothing else.
using SendCallback = std::function<void(Result<SendReceipt>)>;

// Picks one of the queues by its place in the span; called with at least one queue.
using QueueSelector = std::function<std::size_t(std::span<const Queue>, const Message&)>;

// Counted since the producer was made.
struct ProducerStats {
  std::uint64_t sent = 0;     // messages with a receipt
  std::uint64_t failed = 0;   // messages that were accepted and answered with an error
  std::uint64_t retried = 0;  // further attempts
  std::uint64_t batches = 0;  // requests that carried several messages
  std::size_t pending = 0;    // messages accepted and not yet answered
  std::size_t pending_bytes = 0;
};

// Sends messages. Thread-safe, movable; the destructor closes and waits up to 10 s.
//
// A send that fails on one broker is tried again on another until the timeout: a message may be
// stored twice, never lost after a receipt. Messages with an ordering key, and sends to a given
// queue, are tried again on the same queue only. What one thread sends to one queue is stored in
// that order unless something has to be tried again: where order must hold, wait for the receipt
// before the next send.
class COMET_API Producer {
 public:
  using Timeout = std::chrono::milliseconds;  // 0: the producer's send_timeout

  class Impl;  // internal
  explicit Producer(std::shared_ptr<Impl> impl);
  Producer(Producer&&) noexcept;
  Producer& operator=(Producer&&) noexcept;
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;
  ~Producer();

  Result<SendReceipt> send(Message message, Timeout timeout = {});
  Result<SendReceipt> send(Message message, const Queue& queue, Timeout timeout = {});
  Result<SendReceipt> send(Message message, const QueueSelector& selector, Timeout timeout = {});

  // Messages of one topic as one request: stored together or not at all. Nothing is split: more
  // than max_message_bytes in all is Errc::message_too_large. offset is that of the first.
  Result<SendReceipt> send_batch(std::vector<Message> messages, Timeout timeout = {});

  // Returns an error, and does not call back, only if the message was not accepted.
  Result<void> send_async(Message message, SendCallback done, Timeout timeout = {});
  Result<void> send_async(Message message, const Queue& queue, SendCallback done,
                          Timeout timeout = {});
  Result<void> send_async(Message message, QueueSelector selector, SendCallback done,
                          Timeout timeout = {});
  // A std::future<Result<SendReceipt>>; needs <comet/future.h>, which costs time to compile.
  auto send_future(Message message, Timeout timeout = {});

  // Handed to the network; nobody will tell whether it arrived.
  Result<void> send_oneway(Message message);

  // Writable queues of a topic, from the route.
  Result<std::vector<Queue>> queues(const std::string& topic);

  ProducerStats stats() const;
  std::size_t pending() const;  // sends not yet answered
  // Sends what lingers for a batch and waits until pending() is 0.
  Result<void> flush(std::chrono::milliseconds timeout);
  // Refuses new sends, sends what lingers, waits for what is in flight, then answers the rest with
  // Errc::closed. Inside a callback of this library it refuses new sends and does not wait: what is
  // in flight is answered later.
  Result<void> close(std::chrono::milliseconds timeout = std::chrono::seconds(10));

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace comet
