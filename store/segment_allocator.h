#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "remoting/base/executor.h"
#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "store/segment.h"
#include "store/store_config.h"
#include "store/write_gate.h"

namespace comet::store {

// Keeps the next log file ready: blocks reserved, filled with zeros and synced, so that a roll is a
// rename-free step and a sync of the log never has to change the file's extents. The file is made
// as `<commitlog>/prepare/<name>` and gets its place by a rename when it is whole, so a crash
// leaves no file of a wrong length.
//
// The filling runs on the worker in small synced pieces, paced by how far the active file is used,
// so that it neither fills the page cache nor delays other syncs.
//
// Progress, Take: appender thread. Everything else: worker.
class SegmentAllocator {
 public:
  SegmentAllocator(FileSystem& fs, Executor& worker, WriteGate& gate, const StoreConfig& config);
  ~SegmentAllocator();

  // The active file begins at `base` and `used` bytes of it are written. Cheap; starts or paces
  // the preparation of the next file.
  void Progress(std::int64_t base, std::int64_t used);

  // The file that begins at `base`: the prepared one, else one made now, without being filled.
  // kFull when the disk has no room for it; the gate then says so until Retry finds room.
  StatusOr<std::shared_ptr<Segment>> Take(std::int64_t base) EXCLUDES(mutex_);

  // After kFull: tries again to make the file. On the worker, now and then.
  void Retry() EXCLUDES(mutex_);

  // Orderly shutdown: forgets and removes a prepared file that was never used.
  void Discard() EXCLUDES(mutex_);

 private:
  class Preparation;  // a file being filled

  FileSystem& fs_;
  Executor& worker_;
  WriteGate& gate_;
  const StoreConfig& config_;
  std::shared_ptr<Preparation> preparation_;
  Mutex mutex_;
};

}  // namespace comet::store
