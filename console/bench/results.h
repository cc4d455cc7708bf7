#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/bench/process_usage.h"
#include "remoting/base/histogram.h"

namespace comet::bench {

// What one direction, sending or receiving, has done in the counted time.
struct Flow {
  std::int64_t messages = 0;
  std::int64_t busy = 0;      // pulls that the broker put off
  std::int64_t bytes_in = 0;  // on the connections, whole run
  std::int64_t bytes_out = 0;
  Histogram latency_ns;  // sends: intended time to answer; receives: intended time to arrival
};

// Answers that were not a success, by code.
struct Refusal {
  std::int64_t count = 0;
  std::string first_remark;
};

struct Results {
  double seconds = 0;  // counted time, without warm-up
  Flow sent;
  Flow received;
  std::map<int, Refusal> refusals;
  std::optional<double> lag_ms;     // from the last answer until everything was indexed
  std::vector<ProcessUsage> usage;  // of the processes asked for, in the counted time
};

}  // namespace comet::bench
