#pragma once

#include <cstdint>

#include "remoting/base/describe.h"

namespace comet::wire {

// Tells whether a table has changed. Two are the same when all three numbers are.
struct DataVersion {
  std::int64_t state_version = 0;  // of a controller; 0 without one
  std::int64_t timestamp_ms = 0;   // of the last change
  std::int64_t counter = 0;        // changes since the table was made

  bool operator==(const DataVersion&) const = default;

  static constexpr auto Fields() {
    using B = DataVersion;
    return Declaration{
        F(&B::state_version, "stateVersion", Need::kOptional, "Term of the controller, or 0."),
        F(&B::timestamp_ms, "timestamp", Need::kOptional, "Time of the last change, ms."),
        F(&B::counter, "counter", Need::kOptional, "Number of changes.")};
  }
};

}  // namespace comet::wire
