#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "remoting/base/random.h"
#include "remoting/base/status.h"
#include "store/replication/feed.h"
#include "test/sim/cluster/sim_pipe.h"
#include "test/store/store_world.h"

namespace comet::sim {

struct LinkOptions {
  std::int64_t batch_bytes = 1000;
  std::uint32_t delay_ms_max = 3;
  bool ack_flushed = true;
};

// The connection of one replica to its master, as the broker's two ends of it behave, without
// sockets: the replica agrees with its master on the log, reports, and follows.
//
// An end that sees an error closes the connection and keeps the error in `refused`.
class SimLink {
 public:
  SimLink(store::StoreWorld& master, store::StoreWorld& slave, std::int64_t broker_id,
          LinkOptions options, Random& random)
      : master_(master), slave_(slave), id_(broker_id), options_(options), random_(random) {}

  bool connected() const { return connected_; }
  void Connect();
  void Cut();  // what is under way is lost; of either end it may be gone by now
  void MasterDied();

  // Each does a piece of what its end could do now.
  void StepMaster();
  void StepSlave();

  // Up to where the replica has told its master, and the master has heard, that it has the log.
  std::int64_t promised() const { return promised_; }
  void Wiped() { promised_ = 0; }

  Status refused;  // why the last connection was closed

 private:
  MonoTime Arrival() {
    const auto ms = std::chrono::milliseconds(random_.Below(options_.delay_ms_max + 1));
    return slave_.clock.Now() + ms;
  }
  std::string Address() const { return "10.0.0.1:" + std::to_string(10000 + id_); }
  std::int64_t Mark() const;
  void Report(std::int64_t offset);
  Status HearReports();
  Status SendFrame();
  Status TakeFrames();
  void Close(Status why);

  store::StoreWorld& master_;
  store::StoreWorld& slave_;
  const std::int64_t id_;
  const LinkOptions options_;
  Random& random_;

  bool connected_ = false;
  SimPipe up_, down_;
  // The master's end.
  std::optional<store::Feed> feed_;
  std::optional<store::ReplicaSet::Id> replica_;
  std::string reports_;
  std::int64_t promised_ = 0;
  // The replica's end.
  std::string frames_;
  std::int64_t reported_ = -1;
};

}  // namespace comet::sim
