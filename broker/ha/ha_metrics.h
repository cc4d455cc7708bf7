#pragma once

#include "remoting/base/metrics.h"

namespace comet::broker {

// What replication has moved, in either role. How far each replica is, is read from the store when
// somebody asks (broker/metrics/replication_series.h).
struct HaMetrics {
  Counter sent{"rocketmq_replica_sent_bytes_total", "Bytes of the log sent to replicas."};
  Counter received{"rocketmq_replica_received_bytes_total", "Bytes received from the master."};
  Counter refused{
      "rocketmq_replica_refused_total",
      "Connections of replication that were closed for what they said, or for silence."};

  template <class Visitor>
  void Visit(Visitor&& v) {
    v(sent), v(received), v(refused);
  }
};

}  // namespace comet::broker
