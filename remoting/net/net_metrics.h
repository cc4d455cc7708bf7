#pragma once

#include "remoting/base/metrics.h"

namespace comet::net {

// The network's metrics, of all loops of a group.
struct NetMetrics {
  Counter accepted{"rocketmq_net_accepted_total", "Connections accepted."};
  Counter refused{"rocketmq_net_refused_total", "Connections refused because a loop was full."};
  Counter closed{"rocketmq_net_closed_total", "Connections closed, for whatever reason."};
  Counter malformed{"rocketmq_net_malformed_total", "Connections closed for a malformed frame."};
  Counter overdue{"rocketmq_net_overdue_total",
                  "Connections closed for being idle, or too slow with a frame or our replies."};
  Counter over_memory{"rocketmq_net_over_memory_total",
                      "Connections closed because what they made us keep exceeded a limit."};
  Counter frames{"rocketmq_net_frames_total", "Frames received."};
  Counter bytes_in{"rocketmq_net_in_bytes_total", "Bytes received."};
  Counter bytes_out{"rocketmq_net_out_bytes_total", "Bytes sent."};
  Counter reads_paused{"rocketmq_net_reads_paused_total",
                       "Times a connection was not read until it had taken what it had asked for."};
  Counter late_replies{"rocketmq_net_late_replies_total",
                       "Replies received that nobody waited for any more."};
  Gauge connections{"rocketmq_net_connections", "Connections open."};
  Gauge memory{"rocketmq_net_memory_bytes", "Bytes of waiting output and half-read frames."};

  template <class Visitor>
  void Visit(Visitor&& v) {
    v(accepted), v(refused), v(closed), v(malformed), v(overdue), v(over_memory), v(frames),
        v(bytes_in), v(bytes_out), v(reads_paused), v(late_replies), v(connections), v(memory);
  }
};

}  // namespace comet::net
