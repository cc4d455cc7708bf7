#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "console/bench/options.h"
#include "console/bench/peer.h"
#include "console/bench/results.h"
#include "remoting/base/clock.h"
#include "remoting/wire/frame.h"

namespace comet::bench {

// Reads every queue of the topics with one pull at a time and queue. In pull mode it starts at
// the first offset and again there when a queue is exhausted, and follows options.rate; end to end
// it starts at the end and waits. A broker that is busy is asked again a second later. One thread.
class Puller {
 public:
  static StatusOr<Puller> Connect(const Options& options);

  std::vector<Peer>& peers() { return peers_; }

  // Asks for the queues' ends (end to end) or lets the first pulls be due.
  Status Start();
  // Writes the pulls that are due. Returns when the next one is, or `now` plus a second if only an
  // answer can tell.
  MonoTime Fill(MonoTime start, MonoTime now);
  Status Flush();

  // Counts the messages of an answer, takes their latencies end to end, and pulls on.
  Status OnReply(const wire::Frame& frame, MonoTime now, Flow* flow);

  bool started() const { return ends_wanted_ == 0; }
  void Stop() { stopped_ = true; }

 private:
  struct QueueState {
    std::string topic;
    int id;
    std::size_t peer;
    std::int64_t offset = 0;
    bool end_known = false;
  };

  explicit Puller(const Options& options);
  // When as many messages were due as have come.
  MonoTime Due(MonoTime start, MonoTime now) const;
  void Pull(std::uint32_t slot);
  void TakeBack(MonoTime now);
  Status OnMessages(Slice body, MonoTime now, Flow* flow);

  Options options_;
  std::vector<Peer> peers_;
  std::vector<QueueState> queues_;   // the slot of a request is the queue's place here
  std::deque<std::uint32_t> ready_;  // queues without a pull under way
  std::deque<std::pair<MonoTime, std::uint32_t>> busy_;  // and those that are to wait before it
  std::int64_t received_ = 0;                            // messages, of all queues
  std::size_t ends_wanted_ = 0;
  bool stopped_ = false;
};

}  // namespace comet::bench
