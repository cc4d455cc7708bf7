#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "remoting/base/executor.h"
#include "remoting/base/status_or.h"
#include "remoting/wire/ha_stream.h"
#include "store/store.h"

namespace comet::broker {

// Memory that the master's stream is read into. What has come is taken as a whole by the log's
// writer, so it is not copied on the way.
struct IntakeBuffer {
  static constexpr std::size_t kBytes = 256 << 10;

  std::unique_ptr<char[]> memory;
  std::size_t capacity = 0, size = 0;

  void Reserve(std::size_t bytes);
  Slice bytes() const { return {memory.get(), size}; }
};

// Cuts the master's stream into whole frames and hands them to the Follower, which works on the
// appender's thread. The ha loop's thread.
class FrameIntake {
 public:
  struct Parts {
    Executor& loop;  // the ha loop
    store::Store& store;
    // The follower has seen what was handed over, and this is what it says. Nothing more is said of
    // a stream before a Restart once it was an error.
    std::function<void(const Status&)> on_taken;
  };
  explicit FrameIntake(Parts parts) : parts_(std::move(parts)) {}
  FrameIntake(const FrameIntake&) = delete;
  FrameIntake& operator=(const FrameIntake&) = delete;

  std::span<char> Room();
  void Came(std::size_t count) { now_.size += count; }  // so many bytes are in it now
  // Of the frame that comes first in what was not handed over, once its header has come.
  std::optional<wire::HaHeader> first_header() const;
  // Hands over what is whole; true: a heartbeat was among it. kCorruption: this is no stream of a
  // master.
  StatusOr<bool> TakeFrames();

  // So much waits for the log's writer, or behind it for queues and index, that nothing more should
  // be read. It ends without a call of on_taken when only queues and index are behind.
  bool congested() const;

  // A new stream begins: forgets what came of the old one, here and in the follower, then `then`.
  void Restart(Task then);

 private:
  void HandOver();
  void OnTaken(std::uint64_t stream, const Status& status, IntakeBuffer whole);
  IntakeBuffer NewBuffer();
  void GiveBack(IntakeBuffer buffer);

  const Parts parts_;
  IntakeBuffer now_;
  std::size_t whole_ = 0;  // bytes of whole frames in it
  std::vector<IntakeBuffer> free_;
  int under_way_ = 0;  // buffers that the log's writer has
  std::size_t waiting_bytes_ = 0;
  std::uint64_t stream_ = 0;  // tells what is said of an older one
};

}  // namespace comet::broker
