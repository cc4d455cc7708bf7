#include "store/holes.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace comet::store {

std::vector<DataRange> DataFrom(const Segment& segment, std::int64_t offset) {
  std::vector<DataRange> found;
  const std::int64_t base = segment.base();
  while (offset < segment.end()) {
    DataRange range{offset, segment.end()};
    if (segment.descriptor() >= 0) {
      const off_t data = ::lseek(segment.descriptor(), offset - base, SEEK_DATA);
      if (data < 0 && errno == ENXIO) break;
      if (data >= 0) range.begin = std::max(base + data, offset);
      const off_t hole = ::lseek(segment.descriptor(), range.begin - base, SEEK_HOLE);
      if (data >= 0 && base + hole > range.begin) range.end = std::min(base + hole, segment.end());
    }
    if (range.begin < range.end) found.push_back(range);
    offset = range.end;
  }
  return found;
}

bool AllZero(Slice bytes) {
  return bytes.empty() || (bytes.front() == '\0' &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace comet::store
