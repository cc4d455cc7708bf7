#include "store/holes.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace comet::store {

std::int64_t NextData(const Segment& segment, std::int64_t offset) {
  if (offset >= segment.end()) return segment.end();
  if (segment.descriptor() < 0) return offset;
  const off_t at = ::lseek(segment.descriptor(), offset - segment.base(), SEEK_DATA);
  if (at < 0) return errno == ENXIO ? segment.end() : offset;
  return std::clamp(segment.base() + at, offset, segment.end());
}

}  // namespace comet::store
