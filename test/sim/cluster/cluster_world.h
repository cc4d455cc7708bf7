#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "remoting/base/random.h"
#include "test/sim/cluster/sim_link.h"
#include "test/store/store_world.h"

namespace comet::sim {

// A master and two replicas on disks, a network and a clock that a seed moves and breaks. One
// thread: everything that a run does follows from its seed.
//
// Promised, and checked after each start and at the end:
// - a replica's log is the beginning of its master's, byte for byte; else the master has lost what
//   was not synced (ASYNC_FLUSH and a power cut), and the replica is told so before it follows;
// - what a replica has reported as flushed it has after every power cut;
// - a send is answered with success only when as many replicas as it asked for have it;
// - a store's queues and index are those of its log, offsets dense; under SYNC_FLUSH the master has
//   what it has acknowledged;
// - when everything works again, the replicas catch up, and sends succeed.
class ClusterWorld {
 public:
  explicit ClusterWorld(std::uint64_t seed);

  void Run();                 // fails the test when a promise is broken
  std::string Story() const;  // what the seed chose, and what happened

 private:
  static constexpr int kNodes = 3;  // 0: the master
  static constexpr int kLinks = kNodes - 1;

  struct Node {
    std::unique_ptr<store::StoreWorld> world;
    bool up = false;
    bool power_cut = false;  // since it was opened with everything synced
  };
  struct Path {
    std::unique_ptr<SimLink> link;
    bool partitioned = false;
  };
  struct OpenSend {
    std::size_t number;
    std::uint8_t replicas;
  };

  store::StoreWorld& World(int node) { return *nodes_[static_cast<std::size_t>(node)].world; }
  Node& At(int node) { return nodes_[static_cast<std::size_t>(node)]; }
  Path& To(int link) { return paths_[static_cast<std::size_t>(link)]; }
  bool Up(int node) { return At(node).up; }
  bool Broken(int node);
  bool chance(std::uint32_t one_in) { return random_.Below(one_in) == 0; }
  void Note(std::string what) { story_.push_back(std::move(what)); }

  void MakeNode(int node);
  void MakeLink(int link);
  void Step();
  void Send();
  void StepStore(int node);
  void StepLink(int link);
  void PassTime(std::int64_t ms);
  void Harm();
  void InjectFault(int node);
  void FillDisk(int node);
  void Wipe(int node);
  void Stop(int node);   // the process or the machine dies
  void Start(int node);  // and comes back; checks
  void Heal();
  void Settle();
  bool CaughtUp();

  void Judge(int link);  // why a connection was closed
  void CheckAnswers();
  void CheckNode(int node);
  void CheckPrefix(int link);
  bool MayHaveLost() const { return flush_ == store::FlushDiskType::kAsync && master_cut_; }

  const std::uint64_t seed_;
  Random random_;
  store::FlushDiskType flush_;
  LinkOptions link_options_;
  std::uint8_t replicas_ = 0;
  bool master_cut_ = false;
  std::array<Node, kNodes> nodes_;
  std::array<Path, kLinks> paths_;
  std::vector<OpenSend> open_;
  std::size_t answers_ = 0;
  std::vector<std::string> story_;
};

}  // namespace comet::sim
