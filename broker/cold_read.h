#pragma once

#include <optional>
#include <string_view>

#include "broker/cold_flow_control.h"
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
  static constexpr std::size_t kPieceBytes = 128 << 10;

  struct Parts {
    const store::Reader& reader;
    Executor& worker;
    Clock& clock;
    WaitingLine& line;  // those that wait for the worker
    ColdFlowControl& flow;
  };
  // What it refers to lives until its `done` has been called.
  struct Request {
    const store::QueueSlot& queue;
    std::int64_t offset;
    store::ReadLimits limits;
    const store::MessageFilter& filter;
    std::string_view group;
    std::optional<ColdFlowControl::Booking> booking;  // of the group, if reads are booked
  };
  explicit ColdRead(Parts parts) : parts_(parts) {}

  // Whether such a read belongs here.
  bool Wanted(const store::QueueSlot& queue, std::int64_t offset,
              const store::ReadLimits& limits) const;
  // `done` is called on `back`.
  void Read(const Request& request, Executor& back, Done done);

 private:
  const Parts parts_;
};

// Whether every page of the mapped bytes is there: who touches them will not wait for a disk.
bool IsInMemory(Slice bytes);

// Brings every page of the mapped bytes into memory, a bounded read after the other: what reading
// through a page fault takes from the disk (megabytes, where the device is set so) holds up the
// syncs of the log.
void BringIntoMemory(Slice bytes);

// The bytes to read for an extent. Behind a long one lies what its reader, or that of another
// queue, wants next: it is read up to a whole piece of the file, instead of a page here and there.
Slice InWholePieces(const store::LogRange& extent);

}  // namespace comet::broker
