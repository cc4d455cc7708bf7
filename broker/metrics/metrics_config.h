#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/describe_config.h"
#include "remoting/base/status_or.h"

namespace comet::broker {

// How the numbers of a running broker are given out. RocketMQ has two more, OTLP_GRPC and LOG.
enum class MetricsOutput : std::uint8_t { kDisable, kProm };
constexpr auto NamesOf(MetricsOutput) {
  return std::array<std::string_view, 2>{"DISABLE", "PROM"};
}
// By name or, as RocketMQ's conf files may have it, by RocketMQ's number.
bool ParseSetting(std::string_view text, Between range, MetricsOutput* value);
std::string AllowedText(std::type_identity<MetricsOutput> type, Between range);

using MetricsLabels = std::vector<std::pair<std::string, std::string>>;

// "name:value,name:value". kInvalid for what is no label, too long, too many, or a name that our
// own series use.
StatusOr<MetricsLabels> ParseMetricsLabels(std::string_view text);

// Settings of metrics: RocketMQ's keys and defaults.
struct MetricsConfig {
  MetricsOutput metrics_output = MetricsOutput::kDisable;
  std::string metrics_host;  // empty: brokerIP1
  std::int32_t metrics_port = 5557;
  std::string metrics_label;

  static constexpr auto Settings() {
    using C = MetricsConfig;
    return Declaration{
        S(&C::metrics_output, "metricsExporterType", When::kStart,
          "PROM serves what is measured to Prometheus, as http://HOST:PORT/metrics; DISABLE serves "
          "nothing."),
        S(&C::metrics_host, "metricsPromExporterHost", When::kStart,
          "HOST of PROM, an address of this machine. Empty: brokerIP1."),
        S(&C::metrics_port, "metricsPromExporterPort", When::kStart, "PORT of PROM.",
          Between{0, 65535}),
        S(&C::metrics_label, "metricsLabel", When::kStart,
          "Labels of all series beside cluster, node_type and node_id: name:value,name:value.")};
  }

  Status CheckMetrics() const;
};

}  // namespace comet::broker
