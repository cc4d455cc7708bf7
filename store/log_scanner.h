#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/wire/record_reader.h"
#include "store/commit_log.h"
#include "store/delay_table.h"
#include "store/dispatch_entry.h"

namespace comet::store {

// Reads the log's records one after another, over file ends and around damage. Recovery uses it to
// find the log's end, and it feeds the dispatcher with what was not indexed before a restart, and
// on a replica.
//
// A record is believed when its magic is right, its sizes add up, its own log offset is its place,
// and (with check_crc) its body has the right CRC and nothing behind it is missing (record_tail.h).
// Where one is not believed, the scan looks for the next that is: nothing else can look like one by
// accident, because each carries its place.
//
// One thread. The log's bytes up to `to` must not change meanwhile.
class LogScanner {
 public:
  struct Options {
    bool check_crc = true;
    const DamageList* known = nullptr;  // is stepped over and not reported again
  };

  // Scans [from, to); `from` must be the place of a record or of damage.
  LogScanner(const CommitLog& log, std::int64_t from, std::int64_t to, Options options);

  // The next record; nothing when none follows. Its views live until the scanner moves to the next
  // file or goes.
  std::optional<wire::RecordView> Next();

  // Behind the last record returned and the blank record after it: after Next() returned nothing,
  // where the log ends.
  std::int64_t position() const { return position_; }

  // What was not believed and has a record behind it; in log order.
  const std::vector<Damage>& damaged() const { return damaged_; }

 private:
  enum class Found { kRecord, kBlank, kNothing };
  Found LookAt(std::int64_t offset, wire::RecordResult& result) const;
  bool Believed(std::int64_t offset) const;
  bool EnterSegment(std::int64_t offset);
  bool SkipKnownDamage();
  std::optional<std::int64_t> NextBelieved(std::int64_t from, std::int64_t claimed);
  std::optional<std::int64_t> SearchSegment(std::int64_t from) const;
  std::optional<std::int64_t> SearchPiece(std::int64_t from, std::int64_t to) const;

  const CommitLog& log_;
  const std::int64_t to_;
  const Options options_;
  std::int64_t position_;
  WallMs last_store_ms_ = 0;
  std::shared_ptr<const Segment> segment_;
  std::vector<Damage> damaged_;
};

class QueueTable;

// What the dispatcher needs to know of a record read back from the log; finds or creates its
// queue. An error when the record's topic or queue id cannot name a queue.
StatusOr<DispatchEntry> EntryOf(const wire::RecordView& record, QueueTable& queues,
                                const DelayTable& delays);

}  // namespace comet::store
