#pragma once

#include <comet/message.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/net/client_pool.h"
#include "remoting/net/loop_group.h"
#include "server_cluster.h"

namespace comet {

// Committed offsets as each broker tells them: none goes back while the broker lives, nor, when it
// begins anew, behind what both had when all was well, if that was long enough before its end to
// have been written. Fails the test when one does. One thread, on the test's host.
class OffsetWatch {
 public:
  // flushConsumerOffsetInterval, and the time that the write may take.
  static constexpr Duration kWrittenWithin =
      std::chrono::milliseconds(ServerCluster::kFlushOffsetsMs + 4000);

  OffsetWatch(ServerCluster& cluster, std::vector<Queue> queues);
  ~OffsetWatch();

  // Asks those brokers that run and answer.
  void Look();
  // Master and slave tell `offset` of the queue, which is to be all there is. What differs, empty
  // when nothing does.
  std::string AllAre(const Queue& queue, std::int64_t offset);
  // The broker, which has ended, will begin anew: from what was there when all was well, or from
  // nothing.
  void Restarted(const ServerCluster::Node& node);
  void Wiped(const ServerCluster::Node& node);
  // All is well: from here nothing goes back.
  void Settled();

 private:
  using Place = std::pair<std::size_t, Queue>;  // host and queue
  using Offsets = std::map<Place, std::int64_t>;
  struct Known {
    MonoTime at;
    Offsets offsets;
  };
  // -1: no answer, or nothing committed.
  std::int64_t Ask(const ServerCluster::Node& node, const Queue& queue);

  ServerCluster& cluster_;
  const std::vector<Queue> queues_;
  net::LoopGroup loops_;
  net::ClientPool pool_;
  Offsets least_;               // of the broker as it runs
  std::vector<Known> settled_;  // each time that all was well, the last at the end
};

}  // namespace comet
