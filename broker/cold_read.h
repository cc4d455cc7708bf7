#pragma once

#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/unique_function.h"
#include "remoting/base/waiting_line.h"
#include "store/filter.h"
#include "store/reader.h"

namespace comet::broker {

// Reads whose bytes are not in memory, done on a worker so that no loop waits for a disk. The
// pages of what was found are brought into memory there, too.
class ColdRead {
 public:
  using Done = UniqueFunction<void(store::ReadResult)>;

  struct Parts {
    const store::Reader& reader;
    Executor& worker;
    Clock& clock;
    WaitingLine& line;  // those that wait for the worker
  };
  explicit ColdRead(Parts parts) : parts_(parts) {}

  // `filter` must live until `done` has been called, on `back`.
  void Read(const store::QueueSlot& queue, std::int64_t offset, const store::ReadLimits& limits,
            const store::MessageFilter& filter, Executor& back, Done done);

 private:
  const Parts parts_;
};

// Touches every page, so that the next reader of the range does not wait.
void BringIntoMemory(Slice bytes);

}  // namespace comet::broker
