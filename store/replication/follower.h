#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/bytes.h"
#include "remoting/base/status.h"
#include "remoting/wire/ha_stream.h"
#include "remoting/wire/record_reader.h"
#include "store/appender.h"
#include "store/commit_log.h"
#include "store/delay_table.h"
#include "store/dispatch_entry.h"
#include "store/flusher.h"
#include "store/queue_table.h"
#include "store/write_gate.h"

namespace comet::store {

struct StoreMetrics;

// The replica's side: what the master's stream brings becomes this log, byte for byte, and goes to
// queues and index like what was sent here.
//
// Only whole records are written whose magic, sizes, place and CRC are right, so this log always
// ends where a record does, and a bad one is never in it. The beginning of a record waits in
// memory; of the rest of a file behind its blank record the bytes are written first, and the record
// that makes them part of the log when the next file's first byte has come.
//
// An error of OnFrame ends the connection: what could be used of the frame was, the rest is
// forgotten, and nothing that was written before is touched. expected() is what the next stream
// must begin with.
//   kCorruption, kInvalid   the stream is not this log's continuation; the sentence says what to do
//   kFull, kUnavailable     no room for the next log file, or queues cannot be written: try again
//   kIo                     a write failed: the gate is poisoned as on a master
//
// expected, written: any thread. All else: the appender's thread, while nothing is appended here.
class Follower {
 public:
  struct Parts {
    CommitLog& log;
    Appender& appender;  // keeps the store time
    Flusher& flusher;
    DispatchQueue& dispatch;
    QueueTable& queues;
    const DelayTable& delays;
    WriteGate& gate;
    CommitTracker& tracker;
    StoreMetrics& metrics;
  };
  Follower(Parts parts, const StoreConfig& config);

  // The log offset of the next frame: the log's end, and behind it the bytes of an unfinished
  // record. 0, an empty log: any multiple of the file size will do.
  std::int64_t expected() const { return expected_.load(std::memory_order_acquire); }
  std::int64_t written() const { return log().end(); }  // whole records only
  const CommitLog& log() const { return p_.log; }

  // A sync is asked for with each frame that brought something (the default, for a replica that
  // reports what is on its device), or as ASYNC_FLUSH does.
  void FlushAtOnce(bool at_once) { flush_at_once_ = at_once; }

  // Hears of the first message of each queue, on the appender's thread; must not block. Before all
  // else.
  using QueueListener = std::function<void(std::string_view topic, std::int32_t queue_id)>;
  void SetQueueListener(QueueListener listener) { on_queue_ = std::move(listener); }

  Status OnFrame(const wire::HaHeader& header, Slice body);
  // The connection broke, and a new one begins: forgets the unfinished record.
  void Restart();

 private:
  Status CheckPlace(const wire::HaHeader& header, Slice body) const;
  Status Take(std::int64_t offset, Slice bytes);
  Status TakeRecords(Slice* bytes);
  Status FinishRecord(Slice* bytes);
  Status TakeRestOfFile(Slice* bytes);
  bool AtFileEnd() const { return rest_at_ != 0 && rest_at_ % p_.log.segment_bytes() == 0; }
  Status CloseFile();
  void Keep(Slice* bytes, std::size_t count);
  Status Judge(const wire::RecordResult& unit, std::int64_t offset, Slice bytes) const;
  Status NextFile(std::int64_t offset);
  Status Write(Slice records);
  Status Poison(Status reason);
  void Note(const wire::RecordView& record);
  void Offer();
  void AskForFlush();

  const Parts p_;
  const StoreConfig& config_;
  QueueListener on_queue_;
  bool flush_at_once_ = true;
  // From the log's end on: the beginning of a record; or, with rest_at_ set, the blank record.
  std::string unfinished_;
  std::int64_t rest_at_ = 0;  // behind a blank record, the next byte of the file's rest; else 0
  std::vector<DispatchEntry> entries_;  // written and not yet offered
  WallMs last_store_ms_ = 0;
  std::atomic<std::int64_t> expected_ = 0;
};

}  // namespace comet::store
