#pragma once

#include <comet/producer.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "sdk/src/runtime.h"
#include "sdk/src/send_op.h"

namespace comet::client {

// Tells what came of a send: interceptors first, then metrics and statistics, then the application.
// Thread-safe.
class SendReport {
 public:
  SendReport(const Runtime& runtime, std::string group)
      : runtime_(runtime), group_(std::move(group)) {}

  // Of the whole operation; batches of the library's own making have one answer for each message:
  // `receipt` is that of the first then, its offset_id all of theirs with commas.
  void Stored(SendOp& op, SendReceipt&& receipt);
  void Failed(SendOp& op, const Error& error);

  void Retried() { retried_.fetch_add(1, std::memory_order_relaxed); }
  void CountInto(ProducerStats* stats) const;

 private:
  void Tell(SendOp& op, std::size_t index, Result<SendReceipt> outcome);
  void TellEach(SendOp& op, const SendReceipt& receipt);
  void CallBack(SendCallback& done, Result<SendReceipt>&& outcome);
  void Measure(const SendOp& op, std::string_view outcome);

  const Runtime& runtime_;
  const std::string group_;
  std::atomic<std::uint64_t> sent_ = 0, failed_ = 0, retried_ = 0, batches_ = 0;
};

}  // namespace comet::client
