#pragma once

#include <cstdint>

#include "store/segment.h"

namespace comet::store {

// The first log offset at or behind `offset` that may hold something else than zeros; the
// segment's end if there is none. A log file is allocated as a whole, and reading what was never
// written would fill the page cache with zeros. Where the file system cannot tell: `offset`.
std::int64_t NextData(const Segment& segment, std::int64_t offset);

}  // namespace comet::store
