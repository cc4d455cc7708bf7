#pragma once

#include <cstdint>
#include <vector>

namespace comet::store {

class QueueSlot;

// A message that is in the log and not yet in any queue or index.
struct DispatchEntry {
  QueueSlot* queue = nullptr;  // null: not for consumers (a prepared or rolled back transaction)
  std::int64_t queue_offset = 0, log_offset = 0, tags_code = 0, store_ms = 0;
  std::int32_t size = 0;            // of the record
  std::uint32_t keys = 0, key = 0;  // how many hashes, and the first one's place in key_hashes
};

// Messages in log order. `end_offset` lies behind the last one, or further when nothing between
// is a message (the blank record of a file, a damaged range).
struct DispatchBatch {
  std::vector<DispatchEntry> entries;
  std::vector<std::int32_t> key_hashes;  // KeyHash of the unique key, then of each word of KEYS
  std::int64_t end_offset = 0;
};

}  // namespace comet::store
