#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"
#include "store/checkpoint.h"
#include "store/commit_log.h"
#include "store/store_config.h"

namespace comet::store {

// What a start found in the log.
struct RecoveryReport {
  std::int64_t scanned_from = 0;
  std::int64_t end = 0;              // of the log; the next record goes here
  std::int64_t cut_bytes = 0;        // torn tail that was zeroed
  std::int64_t lost_bytes = 0;       // below the flushed mark and gone; needs accept_loss
  std::int64_t unwritten_bytes = 0;  // behind the flushed mark, with whole records behind them
  bool unwritten_kept = false;       // their place, and what is behind them
  std::vector<Damage> damaged;       // found now; older damage is in CommitLog::damaged()
  WallMs last_store_ms = 0;          // newest store time among what was read
};

// Finds the end of the log after a stop of any kind and leaves the log ready for writing: damage
// is noted and keeps its place, a torn tail is zeroed so that nothing stale can ever look like a
// record, and what remains is on the device.
//
// Damage behind the flushed mark is what a power cut took of the last writes. Under SYNC_FLUSH
// records that say so take its place (lost_record.h), so that the log can be copied. Else the log
// is cut there: replicas may have what is missing, and must not find their last record in a log
// that differs before it. What was copied is cut too, whatever this broker is now: other copies
// may have what is missing.
//
// A crash during recovery is harmless: the next one finds the same.
class Recovery {
 public:
  Recovery(FileSystem& fs, CommitLog& log, const StoreConfig& config);

  // `clean`: the last stop was orderly, so that only what lies behind the marks is read.
  // kCorruption, with file and offset, when records below the flushed mark are gone and
  // `config.accept_loss` does not allow for it; then nothing has been changed. kIo when the device
  // does not give what has to be read; then no record was cut off or written over.
  StatusOr<RecoveryReport> Run(const Marks& marks, bool clean);

 private:
  std::int64_t ScanStart(const Marks& marks, bool clean) const;
  std::int64_t StartByTime(WallMs store_ms) const;
  bool EndsAt(std::int64_t end, const Marks& marks) const;
  void Scan(const DamageList& known, RecoveryReport& report);
  Status RepairUnwritten(const Marks& marks, RecoveryReport& report);
  Status Fill(const Damage& damage, WallMs store_ms);
  Status CheckReadable() const;
  Status CheckLoss(const Marks& marks, RecoveryReport& report) const;
  Status CutTail(RecoveryReport& report);
  StatusOr<std::int64_t> ZeroFrom(Segment& segment, std::int64_t offset) const;
  Status SyncFrom(std::int64_t offset, std::int64_t end);
  void Report(const RecoveryReport& report) const;

  FileSystem& fs_;
  CommitLog& log_;
  const StoreConfig& config_;
  const std::string damaged_path_;
  std::vector<WallMs> before_damage_;  // store time of the last record before each damage found
};

}  // namespace comet::store
