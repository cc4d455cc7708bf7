#pragma once

#include <comet/client.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster_checker.h"
#include "cluster_faults.h"
#include "cluster_load.h"
#include "cluster_network.h"
#include "cluster_reader.h"
#include "ledger.h"
#include "offset_watch.h"
#include "remoting/base/random.h"
#include "server_cluster.h"

namespace comet {

// A cluster under load and everybody who watches it. Made and used on one thread.
//
// COMET_CLUSTER_SEED repeats what was drawn; COMET_CLUSTER_NETWORK=loopback does without network
// namespaces, as machines that do not permit them.
class ClusterWorld {
 public:
  enum class Network { kAny, kLoopback };

  // Starts all of it, and waits until it works; fails the test when it does not.
  ClusterWorld(const std::string& preset, Network network);
  ~ClusterWorld();  // the logs stay when the test has failed

  // Lets it happen under load, with weather, and checks everything afterwards.
  void GoThrough(const ClusterFault& fault, std::size_t group, bool weather);

  FaultScene Scene() { return {*cluster_, *load_, *reader_, *checker_, *offsets_, random_, sync_}; }
  // Whether this machine can have that fault.
  bool Permits(const ClusterFault& fault);
  std::uint64_t seed() const { return seed_; }
  Random& random() { return random_; }

 private:
  void MakeNetwork(Network network);
  void MakeTopics();
  void MakeClients();
  std::vector<Queue> AwaitQueues(const std::string& topic);

  const std::uint64_t seed_;
  const bool sync_;
  Random random_;
  std::string directory_;
  Ledger ledger_;
  // In the order in which they need each other.
  std::unique_ptr<ClusterNetwork> network_;
  std::unique_ptr<ServerCluster> cluster_;
  std::shared_ptr<Client> client_;
  std::optional<Producer> producer_;
  std::unique_ptr<ClusterReader> reader_;
  std::unique_ptr<ClusterLoad> load_;
  std::unique_ptr<OffsetWatch> offsets_;
  std::unique_ptr<ClusterChecker> checker_;
};

// A number or text of the environment.
std::string FromEnvironment(const char* name, const std::string& otherwise);

}  // namespace comet
