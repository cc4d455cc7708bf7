#include "store/time_search.h"

#include <algorithm>

#include "remoting/base/bytes.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/record.h"

namespace comet::store {

std::optional<std::int64_t> TimeSearch::TimeAt(std::int64_t index) const {
  QueueEntry entry;
  const auto got = queue_.queue().Get(index, {&entry, 1});
  if (!got.ok() || *got == 0 || entry.filler() ||
      entry.size < static_cast<std::int32_t>(wire::kMinRecordBytes)) {
    return std::nullopt;
  }
  const auto range = log_.Read(entry.log_offset, static_cast<std::uint32_t>(entry.size));
  if (!range.ok() || !range->pin->CanRead(entry.log_offset, wire::kMinRecordBytes)) {
    return std::nullopt;
  }
  const char* record = range->bytes.data();
  if (GetI64(record + wire::OffsetOf("logOffset")) != entry.log_offset) return std::nullopt;
  const std::int32_t flags = GetI32(record + wire::OffsetOf("sysFlag"));
  const bool v6 = (flags & wire::sys_flag::kBornHostV6) != 0;
  return GetI64(record + wire::OffsetOf("storeTime") + (v6 ? wire::kV6ExtraBytes : 0));
}

std::optional<TimeSearch::Timed> TimeSearch::NextTimed(std::int64_t index, std::int64_t end) const {
  for (; index < end; ++index) {
    if (const auto time = TimeAt(index)) return Timed{index, *time};
  }
  return std::nullopt;
}

std::int64_t TimeSearch::FirstFrom(std::int64_t store_ms, bool newer) const {
  std::int64_t low = queue_.queue().begin(), high = queue_.queue().end();
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto timed = NextTimed(middle, high);
    if (timed && (newer ? timed->store_ms <= store_ms : timed->store_ms < store_ms)) {
      low = timed->index + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

StatusOr<std::int64_t> TimeSearch::Find(std::int64_t store_ms, TimeBoundary boundary) const {
  if (boundary == TimeBoundary::kLower) return FirstFrom(store_ms, false);
  const std::int64_t begin = queue_.queue().begin();
  return std::max(begin, FirstFrom(store_ms, true) - 1);
}

std::int64_t TimeSearch::EarliestTime() const {
  const auto timed = NextTimed(queue_.queue().begin(), queue_.queue().end());
  return timed ? timed->store_ms : -1;
}

}  // namespace comet::store
