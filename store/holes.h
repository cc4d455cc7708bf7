#pragma once

#include <cstdint>
#include <vector>

#include "store/segment.h"

namespace comet::store {

// Log offsets [begin, end).
struct DataRange {
  std::int64_t begin = 0, end = 0;

  friend bool operator==(const DataRange&, const DataRange&) = default;
};

// Where `segment` may hold something else than zeros from `offset` on, in order. A log file is
// allocated as a whole, and reading what was never written would fill the page cache with zeros.
// All at once, because what the page cache holds counts as data: reading one part reads ahead, so
// that a search that asks step by step never comes to an end. Where the file system cannot tell:
// the rest of the segment.
std::vector<DataRange> DataFrom(const Segment& segment, std::int64_t offset);

bool AllZero(Slice bytes);

}  // namespace comet::store
