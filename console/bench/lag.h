#pragma once

#include <string>

#include "remoting/base/clock.h"
#include "remoting/base/status_or.h"

namespace comet::bench {

// Asks the broker until everything in its log is in its queues and its index; the time from
// `since` to then. kTimeout when that takes longer than ten seconds.
StatusOr<Duration> WaitUntilDispatched(const std::string& broker, MonoTime since);

}  // namespace comet::bench
