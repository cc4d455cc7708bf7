#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "broker/context.h"
#include "broker/ha/ha_metrics.h"
#include "broker/metrics/metrics_config.h"
#include "remoting/base/status_or.h"
#include "remoting/net/http_server.h"
#include "remoting/net/loop_group.h"

namespace comet::broker {

// Serves the numbers of a running broker as Prometheus' text under /metrics, on a loop of its own:
// who asks often or takes its answer slowly is in nobody's way. They are gathered when asked for.
class Exporter {
 public:
  struct Parts {
    const Context& context;  // outlives this, with all it refers to
    HaMetrics& ha;
  };
  // The settings are checked (MetricsConfig::CheckMetrics) and completed (brokerIP1 is there).
  static StatusOr<std::unique_ptr<Exporter>> Start(const Parts& parts);

  std::uint16_t port() const { return server_->port(); }
  std::string Text() const;  // any thread

 private:
  explicit Exporter(const Parts& parts, MetricsLabels labels);

  const Parts parts_;
  const MetricsLabels labels_;
  net::LoopGroup loops_;
  std::unique_ptr<net::HttpServer> server_;  // gone before what it asks
};

}  // namespace comet::broker
