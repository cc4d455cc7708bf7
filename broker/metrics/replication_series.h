#pragma once

#include "broker/context.h"
#include "remoting/base/prometheus.h"

namespace comet::broker {

// Per replica, how far behind it is: on a master of each that copies its log, on a slave of itself,
// under the same name and label, so that one rule watches both ends. The label `replica` is the
// broker id, or the IP address of one that has not told its id (Apache's slaves). A series ends
// with its replica, and what is not known has none.
void AddReplicationSeries(const Context& context, PrometheusText* text);

}  // namespace comet::broker
