#pragma once

#include <vector>

#include "console/bench/frames.h"
#include "console/bench/peer.h"
#include "console/bench/results.h"
#include "remoting/base/clock.h"

namespace comet::bench {

// Keeps options.in_flight sends unanswered, or follows options.rate. One thread.
class Sender {
 public:
  static StatusOr<Sender> Connect(const Options& options);

  std::vector<Peer>& peers() { return peers_; }

  // Writes as many sends as window and rate allow. Returns when the next one is due, or `now`
  // plus a second if only an answer can make room.
  MonoTime Fill(MonoTime start, MonoTime now);
  Status Flush();

  struct Answered {
    std::int64_t messages;
    Duration latency;
  };
  // Frees the slot of an answer. kCorruption for an answer nobody waits for.
  StatusOr<Answered> OnReply(std::int32_t opaque, MonoTime now);

  std::int64_t sent() const { return sent_; }  // messages written, answered or not
  std::int64_t unanswered() const { return busy_; }
  void Stop() { stopped_ = true; }

 private:
  explicit Sender(const Options& options);

  Options options_;
  std::vector<Peer> peers_;
  std::vector<FrameTemplate> templates_;  // one for each queue
  std::vector<MonoTime> intended_;        // by slot
  std::vector<bool> taken_;               // by slot
  std::vector<std::uint32_t> free_;
  std::size_t next_template_ = 0;
  std::size_t next_peer_ = 0;
  std::int64_t sent_ = 0;
  std::int64_t busy_ = 0;
  bool stopped_ = false;
};

}  // namespace comet::bench
