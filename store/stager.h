#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "remoting/base/ticket.h"
#include "remoting/wire/record_writer.h"
#include "store/ack.h"
#include "store/appender.h"
#include "store/delay_table.h"
#include "store/queue_slot.h"
#include "store/slab_pool.h"
#include "store/staging.h"
#include "store/store_config.h"

namespace comet::store {

// Turns messages into log records, body CRC included, in buffers of its own, and hands them to the
// appender once per loop iteration. Bytes are copied before a call returns.
//
// One per loop; its thread only. Whoever stages must see to it that Submit follows, also when
// nothing else happens on the loop.
class Stager {
 public:
  Stager(Appender& appender, const DelayTable& delays, const StoreConfig& config);

  // Encodes one message. Queue offset, log offset and store time of `source` are ignored; topic
  // and queue id must be those of `queue`. After ok the ticket is answered through the ack sink;
  // after an error it is not, and nothing was staged: kInvalid when the message does not fit the
  // format or a log file, kFull while the appender is busy, kUnavailable when the store takes none
  // (Appender::refusal says why).
  Status Stage(const wire::RecordSource& source, QueueSlot& queue, Ticket ticket, AckPolicy policy);

  // Encodes a client's batch for one queue: all or nothing, one ticket, consecutive queue offsets,
  // side by side in the log.
  Status StageBatch(std::span<const wire::RecordSource> sources, QueueSlot& queue, Ticket ticket,
                    AckPolicy policy);

  void Submit();  // end of the iteration; does nothing when nothing was staged
  // Instead of Submit: what was staged, for a caller that submits it itself.
  StagedBatch Take() { return std::exchange(batch_, {}); }

 private:
  Status Admit(std::uint64_t bytes) const;
  void MakeRoom(std::uint32_t bytes);
  Status Encode(const wire::RecordSource& source, QueueSlot& queue);

  Appender& appender_;
  const DelayTable& delays_;
  const StoreConfig& config_;
  SlabPool pool_;
  StagedBatch batch_;
  std::size_t last_units_ = 0, last_records_ = 0;  // what the next batch will likely hold
};

}  // namespace comet::store
