#pragma once

#include "remoting/base/metrics.h"

namespace comet::store {

// The store's metrics: declared here, exported, documented and graphed from here.
struct StoreMetrics {
  Counter appended{"rocketmq_store_appended_total", "Messages written to the commit log."};
  Counter bytes{"rocketmq_store_appended_bytes_total", "Bytes of these messages' records."};
  Counter groups{"rocketmq_store_groups_total", "Group writes; appended/groups is the batch size."};
  Counter refused{"rocketmq_store_refused_total", "Messages refused before they were written."};
  Counter failed{"rocketmq_store_failed_total",
                 "Messages that a failed write or sync left unsure."};
  Counter flushes{"rocketmq_store_flushes_total", "Syncs of the commit log."};
  Gauge damaged{"rocketmq_store_damaged_bytes", "Bytes of the log that cannot be read."};
  Gauge poisoned{"rocketmq_store_poisoned", "1 after a failed write or sync: sends are refused."};

  template <class Visitor>
  void Visit(Visitor&& v) {
    v(appended), v(bytes), v(groups), v(refused), v(failed), v(flushes), v(damaged), v(poisoned);
  }
};

}  // namespace comet::store
