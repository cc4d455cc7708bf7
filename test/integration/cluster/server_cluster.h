#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "../server_process.h"
#include "cluster_network.h"
#include "store_disk.h"

namespace comet {

// A name server and two groups of master and slave, each a process on a host of its own, started
// from the configuration files of a 2m-2s preset.
class ServerCluster {
 public:
  static constexpr std::size_t kGroups = 2;
  static constexpr std::size_t kNameServer = 1, kFirstBroker = 2;  // hosts; 0 is the test's
  static constexpr std::size_t kHosts = kFirstBroker + 2 * kGroups;
  static constexpr std::uint16_t kBrokerPort = 10911, kHaPort = 10912, kNameServerPort = 9876;

  static constexpr std::int64_t kLogFileBytes = 4 << 20;
  static constexpr std::int64_t kFlushOffsetsMs = 500;

  // One broker's host: its disk stays, its role may change.
  struct Node {
    std::size_t host = 0;
    std::size_t group = 0;
    std::string store, log;
    std::unique_ptr<StoreDisk> disk;  // of a size of its own; null: the machine's
    std::unique_ptr<ServerProcess> process;
  };

  // `preset` is 2m-2s-sync or 2m-2s-async. Group 1 has disks of its own where that is permitted.
  ServerCluster(std::string preset, ClusterNetwork& network, std::string directory);
  ~ServerCluster();

  void Start();       // all; fails the test when one does not come up
  void StopInTurn();  // SIGTERM
  // In its role; fails the test when it does not come up.
  void StartBroker(Node& node);
  void StartNameServer();
  void Wipe(Node& node);  // what was on its disk is gone; it does not run
  // The slave will be started as the master and the other way round; neither runs.
  void SwapRoles(std::size_t group);

  Node& master(std::size_t group) { return nodes_.at(2 * group + masters_.at(group)); }
  Node& slave(std::size_t group) { return nodes_.at(2 * group + 1 - masters_.at(group)); }
  ServerProcess& name_server() { return *name_server_; }
  std::array<Node, 2 * kGroups>& nodes() { return nodes_; }
  ClusterNetwork& network() { return network_; }

  static std::string NameOf(std::size_t group) { return group == 0 ? "broker-a" : "broker-b"; }
  std::string RoleOf(const Node& node) const;
  std::string AddressOf(const Node& node) const;  // host:port
  std::string name_server_address() const;

 private:
  bool IsMaster(const Node& node) const;
  std::vector<std::string> ArgumentsOf(const Node& node);

  const std::string preset_;
  ClusterNetwork& network_;
  const std::string directory_;
  std::array<Node, 2 * kGroups> nodes_;
  std::array<std::size_t, kGroups> masters_{};  // which node of the group
  std::unique_ptr<ServerProcess> name_server_;
};

}  // namespace comet
