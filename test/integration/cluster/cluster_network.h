#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "packet_switch.h"

namespace comet {

// The hosts of a cluster under test and the links between them. The test and its clients are on
// host 0: the thread that makes the network stays there, with the threads it makes, until the
// network goes.
class ClusterNetwork {
 public:
  static constexpr std::size_t kHere = 0;

  virtual ~ClusterNetwork() = default;

  virtual std::string AddressOf(std::size_t host) const = 0;  // IPv4
  // Runs it where what it starts lives on that host.
  virtual void RunOn(std::size_t host, const std::function<void()>& what) = 0;

  virtual void Set(std::size_t a, std::size_t b, Link link) = 0;
  // Whether every packet passes its link, with any delay and loss. If not, links matter to what
  // takes a Path() only, know no loss and one delay.
  virtual bool carries_packets() const = 0;
  // host:port by which `from` reaches a port of `to` over their link.
  virtual std::string Path(std::size_t from, std::size_t to, std::uint16_t port) = 0;
};

// Network namespaces and a PacketSwitch. Null, with the reason, where they are not permitted.
std::unique_ptr<ClusterNetwork> MakeTunNetwork(std::size_t hosts, std::uint64_t seed,
                                               std::string* why_not);

// Addresses of 127.0.0.0/8 that no other process's test uses, and a FaultProxy in every Path().
std::unique_ptr<ClusterNetwork> MakeLoopbackNetwork(std::size_t hosts);

}  // namespace comet
