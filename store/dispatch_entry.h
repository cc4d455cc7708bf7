#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "store/key_hashes.h"

namespace comet::store {

class QueueSlot;

// The transaction bits of a record's sysFlag (mask 0xC).
enum class TransactionKind : std::uint8_t { kNone = 0, kPrepared = 1, kCommit = 2, kRollback = 3 };

// A message that is in the log and not yet in any index: all that consume queue and key index
// need to know of it.
struct DispatchEntry {
  QueueSlot* queue = nullptr;
  std::int64_t queue_offset = 0;
  std::int64_t log_offset = 0;
  std::int64_t tags_code = 0;  // final: in the delay topic, the time of delivery
  std::int64_t store_ms = 0;
  std::int32_t size = 0;  // of the record
  TransactionKind transaction = TransactionKind::kNone;
  KeyHashes keys;

  // Prepared and rolled-back records are in the log only: their queue offset is 0 and means
  // nothing.
  bool in_queue() const {
    return transaction == TransactionKind::kNone || transaction == TransactionKind::kCommit;
  }
  bool in_index() const { return transaction != TransactionKind::kRollback; }
  std::int64_t log_end() const { return log_offset + size; }
};

// Where the appender leaves what it has written. The dispatcher is one; it shows entries to
// consumers only up to CommitLog::visible().
class DispatchQueue {
 public:
  virtual ~DispatchQueue() = default;

  // Entries in log order, none twice. One producer at a time.
  virtual void Offer(std::vector<DispatchEntry> entries) = 0;

  // Entries offered and not yet dispatched; the appender refuses messages when there are too many.
  virtual std::size_t backlog() const = 0;
};

}  // namespace comet::store
