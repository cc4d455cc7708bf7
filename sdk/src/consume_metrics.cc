#include "sdk/src/consume_metrics.h"

#include <array>
#include <chrono>

#include "sdk/src/foreign_call.h"

namespace comet::client {

void ConsumeMetrics::Handled(std::string_view topic, Duration took,
                             std::string_view outcome) const {
  if (sink_ == nullptr) return;
  const std::array<MetricLabel, 3> labels{
      {{"topic", topic}, {"group", group_}, {"outcome", outcome}}};
  CallForeign([&] {
    sink_->histogram("comet_consume_seconds", labels, std::chrono::duration<double>(took).count());
  });
}

void ConsumeMetrics::Pulled(std::string_view topic, std::uint64_t messages) const {
  if (sink_ == nullptr) return;
  const std::array<MetricLabel, 2> labels{{{"topic", topic}, {"group", group_}}};
  CallForeign([&] { sink_->counter("comet_pull_messages_total", labels, messages); });
}

void ConsumeMetrics::Cached(std::size_t messages) const {
  if (sink_ == nullptr) return;
  const std::array<MetricLabel, 1> labels{{{"group", group_}}};
  CallForeign(
      [&] { sink_->gauge("comet_cached_messages", labels, static_cast<double>(messages)); });
}

void ConsumeMetrics::Lag(std::string_view topic, std::int64_t messages) const {
  if (sink_ == nullptr) return;
  const std::array<MetricLabel, 2> labels{{{"topic", topic}, {"group", group_}}};
  CallForeign(
      [&] { sink_->gauge("comet_consume_lag_messages", labels, static_cast<double>(messages)); });
}

}  // namespace comet::client
