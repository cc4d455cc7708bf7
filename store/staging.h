#pragma once

#include <cstdint>
#include <vector>

#include "remoting/base/ticket.h"
#include "store/ack.h"
#include "store/dispatch_entry.h"
#include "store/slab_pool.h"

namespace comet::store {

// What the appender and the dispatcher must know of a record without parsing it again.
struct StagedRecord {
  DispatchEntry entry;            // without the three fields that only the appender knows
  bool delay_from_store = false;  // tags_code is a delay: the store time is to be added
};

// One request: one record, or all records of a client's batch, which get consecutive queue offsets
// and lie side by side in one log file.
struct StagedUnit {
  Ticket ticket;
  AckPolicy policy;
  std::uint32_t records = 1;
  std::uint32_t bytes = 0;
};

// The messages one loop read in one iteration, already encoded as log records except for the
// three fields only the single writer can know: queue offset, log offset, store time.
// Units and records lie in the slab one behind the other, in this order, without gaps.
struct StagedBatch {
  SlabPtr slab;
  std::vector<StagedUnit> units;
  std::vector<StagedRecord> records;

  std::uint32_t bytes() const { return slab ? slab->size() : 0; }
  bool empty() const { return units.empty(); }
};

}  // namespace comet::store
