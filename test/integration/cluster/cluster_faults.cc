#include "cluster_faults.h"

#include <array>
#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "test/integration/eventually.h"

namespace comet {
namespace {

using std::chrono::milliseconds;
using Node = ServerCluster::Node;

void HoldBetween(FaultScene& scene, std::uint32_t least_ms, std::uint32_t most_ms) {
  Hold(milliseconds(least_ms + scene.random.Below(most_ms - least_ms)));
  scene.offsets.Look();
}

void Restart(FaultScene& scene, Node& node) {
  scene.offsets.Restarted(node);
  scene.cluster.StartBroker(node);
}

// The reader has something left to get from the slave.
void KillMasterAheadOfReader(FaultScene& scene, std::size_t group) {
  scene.reader.Pause();
  HoldBetween(scene, 300, 600);
  scene.cluster.master(group).process->Kill();
  scene.checker.NoteUnread(group);
  scene.reader.Resume();
}

void CheckWithoutMaster(FaultScene& scene, std::size_t group) {
  scene.checker.SlaveIsPrefixOfMaster(group);
  if (scene.sync) scene.checker.SlaveHasWhatWasAcknowledged(group);
  scene.checker.ReaderGoesOnFromSlave(group);
}

void KillMaster(FaultScene& scene, std::size_t group) {
  Node& master = scene.cluster.master(group);
  KillMasterAheadOfReader(scene, group);
  HoldBetween(scene, 100, 3000);
  CheckWithoutMaster(scene, group);
  Restart(scene, master);
}

void KillMasterForAMoment(FaultScene& scene, std::size_t group) {
  Node& master = scene.cluster.master(group);
  for (int i = 0; i < 3; ++i) {
    master.process->Kill();
    Restart(scene, master);
    HoldBetween(scene, 50, 500);
  }
}

void KillSlave(FaultScene& scene, std::size_t group) {
  Node& slave = scene.cluster.slave(group);
  slave.process->Kill();
  HoldBetween(scene, 0, 3000);
  scene.checker.SlaveIsPrefixOfMaster(group);
  Restart(scene, slave);
}

void KillBoth(FaultScene& scene, std::size_t group) {
  Node& master = scene.cluster.master(group);
  Node& slave = scene.cluster.slave(group);
  master.process->Kill();
  slave.process->Kill();
  scene.checker.SlaveIsPrefixOfMaster(group);
  const bool slave_first = scene.random.Below(2) == 0;
  Restart(scene, slave_first ? slave : master);
  Restart(scene, slave_first ? master : slave);
}

void SuspendMaster(FaultScene& scene, std::size_t group) {
  ServerProcess& master = *scene.cluster.master(group).process;
  master.Suspend();
  HoldBetween(scene, 200, 5000);
  scene.checker.SlaveIsPrefixOfMaster(group);
  master.Resume();
}

void SuspendSlave(FaultScene& scene, std::size_t group) {
  ServerProcess& slave = *scene.cluster.slave(group).process;
  slave.Suspend();
  HoldBetween(scene, 200, 5000);
  scene.checker.SlaveIsPrefixOfMaster(group);
  slave.Resume();
}

void WipeSlave(FaultScene& scene, std::size_t group) {
  Node& slave = scene.cluster.slave(group);
  slave.process->Kill();
  scene.cluster.Wipe(slave);
  scene.offsets.Wiped(slave);
  HoldBetween(scene, 0, 1000);
  scene.cluster.StartBroker(slave);
  HoldBetween(scene, 0, 1000);
  scene.checker.SlaveIsPrefixOfMaster(group);  // while it is being filled
}

void LeaveSlaveBehind(FaultScene& scene, std::size_t group) {
  constexpr int kLogFiles = 4;
  Node& slave = scene.cluster.slave(group);
  slave.process->Kill();
  scene.load.SendMuch(ServerCluster::NameOf(group), kLogFiles * ServerCluster::kLogFileBytes);
  Restart(scene, slave);
  HoldBetween(scene, 0, 500);
  scene.checker.SlaveIsPrefixOfMaster(group);  // while it catches up
}

void CutMasterFromSlave(FaultScene& scene, std::size_t group) {
  const std::size_t master = scene.cluster.master(group).host;
  const std::size_t slave = scene.cluster.slave(group).host;
  scene.cluster.network().Set(master, slave, {.cut = true});
  HoldBetween(scene, 500, 6000);
  scene.checker.SlaveIsPrefixOfMaster(group);
  scene.cluster.network().Set(master, slave, {});
}

void CutFromNameServer(FaultScene& scene, std::size_t group) {
  const std::size_t who =
      (scene.random.Below(2) == 0 ? scene.cluster.master(group) : scene.cluster.slave(group)).host;
  scene.cluster.network().Set(who, ServerCluster::kNameServer, {.cut = true});
  HoldBetween(scene, 500, 6000);
  scene.cluster.network().Set(who, ServerCluster::kNameServer, {});
}

void KillNameServer(FaultScene& scene, std::size_t) {
  scene.cluster.name_server().Kill();
  HoldBetween(scene, 500, 4000);
  scene.cluster.StartNameServer();
}

void FillSlavesDisk(FaultScene& scene, std::size_t group) {
  Node& slave = scene.cluster.slave(group);
  slave.disk->SetFull();
  scene.load.SendMuch(ServerCluster::NameOf(group), 2 * ServerCluster::kLogFileBytes);
  HoldBetween(scene, 0, 2000);
  scene.checker.SlaveIsPrefixOfMaster(group);
  slave.disk->SetRoomy();
}

void RestartAllInTurn(FaultScene& scene, std::size_t) {
  for (std::size_t group = 0; group < ServerCluster::kGroups; ++group) {
    for (Node* node : {&scene.cluster.slave(group), &scene.cluster.master(group)}) {
      node->process->Stop();
      EXPECT_EQ(node->process->exit_code(), 0) << scene.cluster.RoleOf(*node);
      Restart(scene, *node);
      HoldBetween(scene, 0, 500);
    }
  }
}

// The slave does not get the last of it, as when a whole machine goes. The way back for an
// operator: the slave becomes the master, a new machine its slave.
void LoseMastersDisk(FaultScene& scene, std::size_t group) {
  Node& lost = scene.cluster.master(group);
  Node& survivor = scene.cluster.slave(group);
  scene.cluster.network().Set(lost.host, survivor.host, {.cut = true});
  KillMasterAheadOfReader(scene, group);
  scene.load.Pause();  // nothing is told any more of what is about to go
  scene.checker.SlaveIsPrefixOfMaster(group);
  scene.cluster.Wipe(lost);
  scene.offsets.Wiped(lost);
  scene.checker.MasterDiskIsLost(group);
  scene.checker.ReaderGoesOnFromSlave(group);
  survivor.process->Stop();
  EXPECT_EQ(survivor.process->exit_code(), 0) << scene.cluster.RoleOf(survivor);
  scene.cluster.SwapRoles(group);
  scene.offsets.Wiped(survivor);  // commits of what is lost are taken back
  scene.cluster.network().Set(lost.host, survivor.host, {});
  scene.cluster.StartBroker(survivor);
  scene.cluster.StartBroker(lost);
  scene.load.Resume();
}

constexpr std::array kFaults{
    ClusterFault{"kill -9 of the master", KillMaster},
    ClusterFault{"three kill -9 of the master", KillMasterForAMoment},
    ClusterFault{"kill -9 of the slave", KillSlave},
    ClusterFault{"kill -9 of master and slave", KillBoth},
    ClusterFault{"SIGSTOP of the master", SuspendMaster},
    ClusterFault{"SIGSTOP of the slave", SuspendSlave},
    ClusterFault{"slave wiped", WipeSlave},
    ClusterFault{"slave far behind", LeaveSlaveBehind},
    ClusterFault{"partition of master and slave", CutMasterFromSlave},
    ClusterFault{"partition of broker and name server", CutFromNameServer},
    ClusterFault{"kill -9 of the name server", KillNameServer},
    ClusterFault{"disk of the slave full", FillSlavesDisk, true},
    ClusterFault{"rolling restart", RestartAllInTurn},
    ClusterFault{"disk of the master lost", LoseMastersDisk},
};

void SetAllLinks(ClusterNetwork& network, Link link) {
  for (std::size_t a = 0; a < ServerCluster::kHosts; ++a) {
    for (std::size_t b = 0; b < a; ++b) network.Set(a, b, link);
  }
}

}  // namespace

std::span<const ClusterFault> AllClusterFaults() {
  return kFaults;
}

std::string BeginWeather(FaultScene& scene) {
  Link link;
  std::string name = "fair";
  const auto kind = scene.random.Below(3);
  if (kind == 1) {
    const auto delay_ms = 1 + scene.random.Below(100);
    link.delay = milliseconds(delay_ms);
    name = Concat("round trips of ", 2 * delay_ms, " ms");
  } else if (kind == 2 && scene.cluster.network().carries_packets()) {
    link.lost_percent = static_cast<int>(1 + scene.random.Below(10));
    name = Concat(link.lost_percent, " % of packets lost");
  }
  SetAllLinks(scene.cluster.network(), link);
  return name;
}

void EndWeather(FaultScene& scene) {
  SetAllLinks(scene.cluster.network(), {});
}

}  // namespace comet
