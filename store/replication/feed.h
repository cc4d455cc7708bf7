#pragma once

#include <cstdint>
#include <optional>

#include "remoting/base/status_or.h"
#include "remoting/wire/ha_stream.h"
#include "store/commit_log.h"

namespace comet::store {

struct FeedOptions {
  std::int64_t batch_bytes = 32768;  // of a frame's body, at most; cut to what a frame can hold
};

// What goes to one replica next. The range is to be sent right behind the header.
struct FeedFrame {
  wire::HaHeader header;
  LogRange range;
};

// The master's side of one replica: where its copy of the log ends, and what comes next. Knows no
// socket: the caller sends the frames in order, whole.
//
// Only what is visible is sent: under SYNC_FLUSH what is on our device, so that a power cut here
// never leaves a replica with more than we have. Files are sent as they are, with what lies behind
// the blank record of each, so that the copy's files are equal byte for byte; damage that this log
// knows of goes along, and the replica's own checks refuse it.
//
// One thread.
class Feed {
 public:
  Feed(const CommitLog& log, FeedOptions options);

  // A report of the replica: it has everything below `offset`. The first one says where the stream
  // begins; 0, an empty log: at begin(). An error is a sentence for the operator, and the stream
  // cannot go on: kInvalid for what this log never sent, kNotFound for what it has no more.
  Status OnReport(std::int64_t offset);

  bool started() const { return position_ >= 0; }
  std::int64_t position() const { return position_; }  // of the next frame; -1 before the start
  std::int64_t acked() const { return acked_; }        // what the replica has; -1 before the start

  // What to send next, never across the end of a file; nothing when the replica has, or is being
  // sent, all that is visible. kNotFound when retention has removed what it needs, kIo when the
  // device does not give it.
  StatusOr<std::optional<FeedFrame>> Next();
  // After the start: says that the master lives, and where the next frame begins.
  wire::HaHeader Heartbeat() const { return {position_, 0}; }

 private:
  Status Start(std::int64_t offset);

  const CommitLog& log_;
  const std::int64_t batch_bytes_;
  std::int64_t position_ = -1, acked_ = -1;
};

}  // namespace comet::store
