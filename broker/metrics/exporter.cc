#include "broker/metrics/exporter.h"

#include <utility>

#include "broker/metrics/replication_series.h"
#include "remoting/base/log.h"
#include "remoting/base/prometheus.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

constexpr std::string_view kPath = "/metrics";

net::LoopGroupOptions LoopOptions(Clock& clock) {
  net::LoopGroupOptions loops;
  loops.name = "metrics";
  loops.clock = &clock;
  return loops;
}

void AddInfo(const BrokerConfig& config, PrometheusText* text) {
  text->AddGauge("rocketmq_broker_info", "1; the labels say what this broker is.",
                 {{"version", COMET_VERSION},
                  {"role", std::string(EnumName(config.role))},
                  {"broker_id", Concat(config.id)}},
                 1);
}

}  // namespace

Exporter::Exporter(const Parts& parts, MetricsLabels labels)
    : parts_(parts), labels_(std::move(labels)), loops_(LoopOptions(parts.context.clock)) {}

StatusOr<std::unique_ptr<Exporter>> Exporter::Start(const Parts& parts) {
  const auto config = parts.context.config.Get();
  COMET_ASSIGN(auto labels, ParseMetricsLabels(config->metrics_label));
  std::unique_ptr<Exporter> exporter(new Exporter(parts, std::move(labels)));
  COMET_TRY(exporter->loops_.TryStart());
  net::HttpServerOptions options;
  options.address = config->metrics_host.empty() ? config->ip1 : config->metrics_host;
  options.port = static_cast<std::uint16_t>(config->metrics_port);
  auto server = net::HttpServer::Listen(
      exporter->loops_, options,
      {{std::string(kPath), std::string(PrometheusText::kContentType), [self = exporter.get()] {
          return self->Text();
        }}});
  if (!server.ok()) {
    return server.TakeError().Annotate("metricsPromExporterHost, metricsPromExporterPort");
  }
  exporter->server_ = server.Take();
  LOG_INFO << "metrics: http://" << options.address << ":" << exporter->port() << kPath;
  return exporter;
}

std::string Exporter::Text() const {
  const auto& context = parts_.context;
  const auto config = context.config.Get();
  PrometheusText::Labels constant = {
      {"cluster", config->cluster}, {"node_type", "broker"}, {"node_id", config->name}};
  constant.insert(constant.end(), labels_.begin(), labels_.end());
  PrometheusText text(std::move(constant));
  AddInfo(*config, &text);
  AddReplicationSeries(context, &text);
  parts_.ha.Visit(text);
  context.store.metrics().Visit(text);
  context.loops.metrics().Visit(text);
  return text.Text();
}

}  // namespace comet::broker
