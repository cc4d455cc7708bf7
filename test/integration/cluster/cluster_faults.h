#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cluster_checker.h"
#include "cluster_load.h"
#include "remoting/base/random.h"
#include "server_cluster.h"

namespace comet {

// What faults are done to. They begin and end under load; all that they break they mend, but what
// was broken may take its time to catch up (ClusterChecker::Settle waits for that).
struct FaultScene {
  ServerCluster& cluster;
  ClusterLoad& load;
  ClusterReader& reader;
  ClusterChecker& checker;
  OffsetWatch& offsets;
  Random& random;  // durations come from here
  bool sync;
};

struct ClusterFault {
  std::string_view name;
  void (*run)(FaultScene& scene, std::size_t group);
  bool needs_disk = false;  // a slave's disk of its own
};

// Every kind of fault; the place in it is part of what a seed means.
std::span<const ClusterFault> AllClusterFaults();

// How the network is during a round: fair, slow or losing packets, drawn from the scene's seed.
// Returns what was chosen.
std::string BeginWeather(FaultScene& scene);
void EndWeather(FaultScene& scene);

}  // namespace comet
