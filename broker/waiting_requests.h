#pragma once

#include <cstdint>

#include "broker/context.h"
#include "remoting/base/unique_function.h"

namespace comet::broker {

// Requests that wait for something at one moment.
struct Waiting {
  std::int64_t requests = 0;
  std::int64_t head_wait_ms = 0;  // of the one that waits longest
};
struct WaitingRequests {
  Waiting sends;  // for the store
  Waiting pulls;  // for the disk; those that wait for a message are not among them
  Waiting rest;   // for the worker of administration and queries
};

// Asks every loop; `done` runs on the context's worker. Any thread.
void CountWaiting(Context& context, UniqueFunction<void(const WaitingRequests&)> done);

}  // namespace comet::broker
