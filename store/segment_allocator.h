#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "remoting/base/executor.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"
#include "store/segment.h"
#include "store/store_config.h"
#include "store/write_gate.h"

namespace comet::store {

// Keeps the next log file ready: blocks reserved and synced, so that a roll waits for nothing. A
// file is made as `<root>/prepare/<name>` and gets its place by a rename when it is whole, so a
// crash leaves no file of a wrong length. Beside the log and not in it, because RocketMQ 4.x starts
// only when nothing but log files lies there; when the log is on a device of its own,
// `<commitlog>/prepare`.
//
// Under SYNC_FLUSH it is filled with zeros, so that a sync of the log, which producers then wait
// for, need not change the file's extents. Under ASYNC_FLUSH nobody waits, and writing every byte
// of the log twice would cost more than all the rest of the store. The filling runs on the worker
// in small pieces that are written at once, paced by how far the active file is used, so that it
// neither fills the page cache nor holds up the syncs of the log. It begins when an eighth of the
// active file is used and is done at seven eighths. The first file of a store cannot be prepared:
// it is filled in use (AheadFill).
//
// Reserve, Progress, Take: appender thread. Retry, Discard: worker, or any thread once the appender
// rests.
class SegmentAllocator {
 public:
  SegmentAllocator(FileSystem& fs, Executor& worker, WriteGate& gate, const StoreConfig& config);
  ~SegmentAllocator();

  // The log's last file begins at `base`: no file up to it may be made again.
  void StartBehind(std::int64_t base);

  // The log is going to be written up to `to`. Before every write; cheap.
  void Reserve(std::int64_t to);
  // The active file begins at `base` and `used` bytes of it are written. Cheap.
  void Progress(std::int64_t base, std::int64_t used);

  // The file that begins at `base`: the prepared one, else one made now.
  // kFull when the disk has no room for it; then the gate is shut until Retry finds room.
  StatusOr<std::shared_ptr<Segment>> Take(std::int64_t base);

  // After kFull: tries to make the file. Does nothing otherwise.
  void Retry();

  // Orderly stop: removes a prepared file that was never used, and what a crash has left of one.
  Status Discard();

 private:
  class State;  // shared with the worker's tasks, which may outlive this

  const std::int64_t segment_bytes_;
  std::shared_ptr<State> state_;
};

}  // namespace comet::store
