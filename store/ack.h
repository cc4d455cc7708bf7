#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "remoting/base/ticket.h"

namespace comet::store {

// How durable a send must be before its producer hears of it.
struct AckPolicy {
  bool flushed = false;       // survives a power cut here
  std::uint8_t replicas = 0;  // copies besides ours

  friend bool operator==(const AckPolicy&, const AckPolicy&) = default;
};

// Why the store takes no messages at the moment.
enum class Refusal : std::uint8_t {
  kNone,      // it takes them
  kBusy,      // too many bytes wait for the appender; trying again soon helps
  kDiskFull,  // nothing was lost; ends by itself when there is room
  kPoisoned,  // a write or sync failed; the process must be restarted
  kClosed     // shut down, or going to be
};
std::string_view RefusalText(Refusal refusal);

enum class AppendOutcome : std::uint8_t {
  kOk,
  kFlushTimeout,    // written, not yet known to be on the device
  kReplicaTimeout,  // written, not yet known to be copied as often as asked
  kNoReplica,       // written and flushed as asked; too few replicas are there to copy it
  kFailed,          // a write or sync failed: nobody may count on the message
  kRefused          // not written; Ack::refusal says why
};

// The answer to one request: a message, or a client's batch.
struct Ack {
  Ticket ticket;
  AppendOutcome outcome = AppendOutcome::kOk;
  Refusal refusal = Refusal::kNone;
  std::int64_t queue_offset = -1;  // of the first message
  std::int64_t log_offset = -1;    // of the first message; those of a batch follow without a gap
};

// Receives answers, grouped by loop: one call, one post, one wake-up per loop and release. Every
// ticket that was staged is answered exactly once, unless the store is destroyed first. Called
// from the appender, the flusher, a worker, or the loop that submits; must not block.
class AckSink {
 public:
  virtual ~AckSink() = default;
  virtual void OnAcks(std::uint32_t loop, std::vector<Ack> acks) = 0;
};

// Sorts answers by loop and hands them over. Answers to nobody are dropped.
void DeliverAcks(AckSink& sink, std::vector<Ack> acks);

}  // namespace comet::store
