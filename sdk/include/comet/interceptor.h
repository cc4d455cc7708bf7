#pragma once

#include <comet/message.h>

#include <span>
#include <string_view>

namespace comet {

// What an interceptor is told about a send that is over. Borrowed: valid during the call.
struct SendContext {
  const Message& message;  // as it was sent, with what before_send() has added
  std::string_view producer_group;
  std::string_view message_id;  // of a batch: of this message
};

// What an interceptor is told about messages given to a handler. Borrowed: valid during the call.
struct ConsumeContext {
  std::string_view consumer_group;
  const Queue& queue;
  std::span<const MessageView> messages;
};

// Sees every message that producers of a client send and its consumers receive: to count, to
// trace, to number messages. Override what you need and hand it over in
// ClientOptions::interceptors; the client shares it until it is closed.
//
// Called in the order of that list, by the thread that sends, and by threads of the library,
// several at a time: it must be thread-safe and must not block. One that throws is reported through
// the log and otherwise ignored.
class COMET_API Interceptor {
 public:
  virtual ~Interceptor();

  // Before the message is checked and encoded; may add properties. Once per message, on the thread
  // that sends, however often it is tried.
  virtual void before_send(Message& message, std::string_view producer_group);
  // When the outcome is known, before the application hears of it. Not for one-way sends, and not
  // for messages that were refused before they were accepted.
  virtual void after_send(const SendContext& context, const Result<SendReceipt>& outcome);

  // Around each call of a handler. `consumed` is false when the messages will come again.
  virtual void before_consume(const ConsumeContext& context);
  virtual void after_consume(const ConsumeContext& context, bool consumed);
};

}  // namespace comet
