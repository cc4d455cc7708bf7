#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "remoting/base/clock.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"

namespace comet::store {

// How far things were known to be durable. All of it may be behind the truth, never ahead.
struct Marks {
  // As RocketMQ has them: store times of the newest record whose log, queue and index bytes were
  // on the device.
  WallMs log_store_ms = 0, queue_store_ms = 0, index_store_ms = 0;
  std::int64_t master_flushed = 0, confirmed = 0;  // of a replica; kept as found

  // Ours; 0 and false when another program wrote the file last, or none did.
  bool exact = false;
  std::int64_t flushed = 0;     // log offset: everything below was on the device
  std::int64_t dispatched = 0;  // log offset: queues and index were complete and on the device
  bool replica = false;         // what is behind them was copied, not sent here

  friend bool operator==(const Marks&, const Marks&) = default;
};

// The file `<root>/checkpoint`, 4096 bytes. Bytes 0..39 are RocketMQ's (five int64, big-endian).
// Ours follow in two places, 512 and 1024, written in turn, so that a torn write leaves one whole:
// magic int32, version int32 (1, or 2 of a replica), sequence int64, flushed int64, dispatched
// int64, log_store_ms int64, CRC-32 of these 40 bytes int32. The one with the higher sequence
// counts. One whose log_store_ms is ahead of byte 0's does not: its write was torn, or somebody
// else set the store back.
//
// One thread at a time.
class Checkpoint {
 public:
  static constexpr std::size_t kFileBytes = 4096;

  // Opens or creates the file. What cannot be read counts as never written: recovery then reads
  // more of the log.
  static StatusOr<std::unique_ptr<Checkpoint>> Open(FileSystem& fs, const std::string& path);

  const Marks& marks() const { return marks_; }  // as found, or as last written
  Status Write(const Marks& marks);              // durable when it returns

 private:
  explicit Checkpoint(std::unique_ptr<File> file) : file_(std::move(file)) {}
  void Parse();

  std::unique_ptr<File> file_;
  std::string page_;
  Marks marks_;
  std::int64_t sequence_ = 0;
};

}  // namespace comet::store
