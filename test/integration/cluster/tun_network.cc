#include <optional>
#include <utility>
#include <vector>

#include "cluster_network.h"
#include "net_host.h"
#include "remoting/base/text.h"
#include "sandbox.h"

namespace comet {
namespace {

std::string Address(std::size_t host) {
  return Concat("10.77.0.", host + 1);
}

class TunNetwork final : public ClusterNetwork {
 public:
  TunNetwork(std::vector<std::unique_ptr<NetHost>> hosts, std::uint64_t seed)
      : hosts_(std::move(hosts)), switch_(PortsOf(hosts_), seed) {
    hosts_[kHere]->Enter();
  }

  std::string AddressOf(std::size_t host) const override { return Address(host); }
  void RunOn(std::size_t host, const std::function<void()>& what) override {
    hosts_.at(host)->Run(what);
  }
  void Set(std::size_t a, std::size_t b, Link link) override { switch_.Set(a, b, link); }
  bool carries_packets() const override { return true; }
  std::string Path(std::size_t, std::size_t to, std::uint16_t port) override {
    return Concat(Address(to), ":", port);
  }

 private:
  static std::vector<PacketSwitch::Port> PortsOf(
      const std::vector<std::unique_ptr<NetHost>>& hosts) {
    std::vector<PacketSwitch::Port> ports;
    for (std::size_t i = 0; i < hosts.size(); ++i)
      ports.push_back({hosts[i]->device(), Address(i)});
    return ports;
  }

  const HomeHost home_;
  const std::vector<std::unique_ptr<NetHost>> hosts_;
  PacketSwitch switch_;
};

}  // namespace

std::unique_ptr<ClusterNetwork> MakeTunNetwork(std::size_t hosts, std::uint64_t seed,
                                               std::string* why_not) {
  *why_not = EnterSandbox();
  if (!why_not->empty()) return nullptr;
  std::vector<std::unique_ptr<NetHost>> made;
  for (std::size_t i = 0; i < hosts; ++i) {
    auto host = NetHost::Create(Address(i));
    if (!host.ok()) {
      *why_not = host.error().ToString();
      return nullptr;
    }
    made.push_back(host.Take());
  }
  return std::make_unique<TunNetwork>(std::move(made), seed);
}

}  // namespace comet
