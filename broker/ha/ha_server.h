#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/ha/ha_link.h"
#include "remoting/base/unique_function.h"
#include "remoting/net/acceptor.h"
#include "remoting/net/loop_group.h"

namespace comet::broker {

// A master's side of replication: listens on the HA port and gives every replica the log. Lives on
// a loop of its own, so that neither clients nor replicas wait for each other.
//
// Constructed before the loop starts, destroyed after it has ended.
class HaServer {
 public:
  struct Parts {
    net::LoopGroup& loops;  // one loop, nothing else's
    store::Store& store;
    const Live<BrokerConfig>& config;
    HaMetrics& metrics;
  };
  static StatusOr<std::unique_ptr<HaServer>> Listen(const Parts& parts, const std::string& address,
                                                    std::uint16_t port);
  HaServer(const HaServer&) = delete;
  HaServer& operator=(const HaServer&) = delete;

  std::uint16_t port() const { return port_; }

  // The visible end of the log has moved. A fence and a load unless a replica waits for it; then
  // the loop is woken, once. Any thread.
  void OnLogMoved();

  // The replicas that were turned away, here and by those who asked on the port of requests.
  Refusals& refusals() { return refusals_; }

  // Returns when all replicas that are in sync have the log up to its end, or the time is over:
  // before an orderly stop, when nothing is written any more, so that it leaves nothing behind.
  // Any thread but the loop's.
  void LetFollow(Duration at_most);

  // The connection from `address` is that broker's. Nothing is said of an address that is not
  // connected here: it may have been changed on the way. kInvalid when another connection is that
  // broker's and its replica lives: it is asked, and closed when it does not answer. Any thread;
  // `done` is called on the loop.
  void Identify(std::string address, std::int64_t broker_id, UniqueFunction<void(Status)> done);

 private:
  explicit HaServer(const Parts& parts);

  void Accept(net::Socket socket, net::Endpoint peer);
  void MakeRoom();
  // A connection that says to be a broker's, until it is known whether it is.
  struct Claim {
    std::string address;
    std::int64_t broker_id;
    UniqueFunction<void(Status)> done;
    MonoTime since;
  };
  void Begin(Claim claim);
  void AwaitConnection(Claim claim);
  void Decide(Claim claim);
  bool Knows(const std::string& address) const;
  HaLink* Claimant(const Claim& claim) const;
  HaLink* RivalOf(const Claim& claim) const;
  bool AllFollowed() const;
  void WatchFollowing(MonoTime until, std::promise<void> done);
  void PumpAll();
  void Forget();
  void Tick();

  const Parts parts_;
  net::EventLoop& loop_;
  net::ChunkPool chunks_;
  Refusals refusals_;
  std::set<std::string> claiming_;              // addresses
  std::vector<std::unique_ptr<HaLink>> links_;  // in the order they came
  std::optional<net::Acceptor> acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<bool> wanted_ = false;  // a replica waits for the log to move
};

}  // namespace comet::broker
