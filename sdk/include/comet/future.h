#pragma once

#include <comet/producer.h>

#include <future>
#include <memory>
#include <utility>

namespace comet {

// Ready when the message is stored or has failed; get() waits and must not be called inside a
// callback of this library.
inline auto Producer::send_future(Message message, Timeout timeout) {
  auto answer = std::make_shared<std::promise<Result<SendReceipt>>>();
  auto future = answer->get_future();
  auto accepted = send_async(
      std::move(message),
      [answer](Result<SendReceipt> outcome) { answer->set_value(std::move(outcome)); }, timeout);
  if (!accepted) answer->set_value(accepted.error());
  return future;
}

}  // namespace comet
