#include "sdk/src/send_report.h"

#include <comet/metrics.h>

#include <array>
#include <utility>

#include "remoting/base/text.h"
#include "sdk/src/foreign_call.h"

namespace comet::client {
namespace {

// The next of several ids joined by commas; the whole if there are no commas.
std::string_view CutId(std::string_view* ids) {
  const auto comma = ids->find(',');
  const std::string_view first = ids->substr(0, comma);
  ids->remove_prefix(comma == std::string_view::npos ? ids->size() : comma + 1);
  return first;
}

std::string JoinedIds(const SendOp& op) {
  std::string joined;
  for (std::size_t i = 0; i < op.messages; ++i) {
    if (i > 0) joined += ',';
    joined += op.id(i);
  }
  return joined;
}

}  // namespace

void SendReport::Stored(SendOp& op, SendReceipt&& receipt) {
  const Runtime::NoWaitScope scope(runtime_);
  sent_.fetch_add(op.messages, std::memory_order_relaxed);
  if (op.batch) batches_.fetch_add(1, std::memory_order_relaxed);
  if (runtime_.options().metrics) Measure(op, "ok");
  if (!op.dones.empty()) return TellEach(op, receipt);
  receipt.message_id = op.messages == 1 ? op.ids : JoinedIds(op);
  for (std::size_t i = 0; i < op.messages && !runtime_.interceptors().empty(); ++i) {
    if (i < op.kept.size()) Tell(op, i, receipt);
  }
  CallBack(op.done, std::move(receipt));
}

void SendReport::TellEach(SendOp& op, const SendReceipt& receipt) {
  std::string_view offset_ids = receipt.offset_id;
  for (std::size_t i = 0; i < op.dones.size(); ++i) {
    SendReceipt own;
    own.status = receipt.status;
    own.message_id = op.id(i);
    own.offset_id = CutId(&offset_ids);
    own.queue = receipt.queue;
    own.offset = receipt.offset + static_cast<std::int64_t>(i);
    if (i < op.kept.size()) Tell(op, i, own);
    CallBack(op.dones[i], std::move(own));
  }
}

void SendReport::Failed(SendOp& op, const Error& error) {
  const Runtime::NoWaitScope scope(runtime_);
  failed_.fetch_add(op.messages, std::memory_order_relaxed);
  if (runtime_.options().metrics) Measure(op, to_string(error.code()));
  for (std::size_t i = 0; i < op.kept.size() && i < op.messages; ++i) Tell(op, i, error);
  for (SendCallback& done : op.dones) CallBack(done, error);
  if (op.dones.empty()) CallBack(op.done, error);
}

void SendReport::Tell(SendOp& op, std::size_t index, Result<SendReceipt> outcome) {
  runtime_.interceptors().AfterSend({op.kept[index], group_, op.id(index)}, outcome);
}

void SendReport::CallBack(SendCallback& done, Result<SendReceipt>&& outcome) {
  if (!done) return;
  const std::string thrown = CallForeign([&] { done(std::move(outcome)); });
  if (!thrown.empty()) {
    runtime_.Log(Severity::error, "producer", Concat("a send callback has thrown: ", thrown));
  }
}

void SendReport::Measure(const SendOp& op, std::string_view outcome) {
  const double seconds = std::chrono::duration<double>(SystemClock().Now() - op.started).count();
  MetricsSink& sink = *runtime_.options().metrics;
  const std::array labels{MetricLabel{"topic", op.topic}, MetricLabel{"outcome", outcome}};
  for (std::size_t i = 0; i < op.messages; ++i) {
    CallForeign([&] { sink.histogram("comet_send_seconds", labels, seconds); });
  }
  CallForeign([&] { sink.counter("comet_send_bytes", std::span(labels).first(1), op.body_bytes); });
}

void SendReport::CountInto(ProducerStats* stats) const {
  stats->sent = sent_.load(std::memory_order_relaxed);
  stats->failed = failed_.load(std::memory_order_relaxed);
  stats->retried = retried_.load(std::memory_order_relaxed);
  stats->batches = batches_.load(std::memory_order_relaxed);
}

}  // namespace comet::client
