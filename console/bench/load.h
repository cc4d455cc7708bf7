#pragma once

#include <atomic>

#include "console/bench/options.h"
#include "console/bench/results.h"
#include "remoting/base/status.h"

namespace comet::bench {

// Creates the topics if asked to, then loads the broker as the options say until time or messages
// are over, `stop` is set or something breaks. Uses the calling thread only.
Status RunLoad(const Options& options, const std::atomic<bool>& stop, Results* results);

}  // namespace comet::bench
