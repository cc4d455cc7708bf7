#pragma once

#include <string>

#include "console/bench/options.h"
#include "console/bench/results.h"

namespace comet::bench {

// For people: a dozen aligned lines.
std::string TextReport(const Options& options, const Results& results);

// For scripts: one JSON object on one line; times in microseconds, sizes in bytes.
std::string JsonReport(const Options& options, const Results& results);

}  // namespace comet::bench
