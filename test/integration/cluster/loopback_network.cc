#include <unistd.h>

#include <map>
#include <tuple>
#include <utility>

#include "../fault_proxy.h"
#include "cluster_network.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

constexpr std::size_t kFirstProxy = 100;  // of the addresses' last parts

class LoopbackNetwork final : public ClusterNetwork {
 public:
  explicit LoopbackNetwork(std::size_t hosts) : hosts_(hosts) {}

  std::string AddressOf(std::size_t host) const override { return Address(host + 1); }
  void RunOn(std::size_t, const std::function<void()>& what) override { what(); }
  bool carries_packets() const override { return false; }

  void Set(std::size_t a, std::size_t b, Link link) override {
    const auto fault = link.cut                   ? FaultProxy::Fault::kRefuse
                       : link.delay != Duration() ? FaultProxy::Fault::kDelay
                                                  : FaultProxy::Fault::kNone;
    for (const auto& [ends, proxy] : proxies_) {
      const auto [from, to, port] = ends;
      if ((from == a && to == b) || (from == b && to == a)) proxy->Set(fault);
    }
  }

  std::string Path(std::size_t from, std::size_t to, std::uint16_t port) override {
    auto& proxy = proxies_[{from, to, port}];
    if (proxy == nullptr) {
      proxy = std::make_unique<FaultProxy>(Address(kFirstProxy + from * hosts_ + to), port, port,
                                           AddressOf(to));
    }
    return proxy->address();
  }

 private:
  // Of this process, as long as it runs.
  static std::string Address(std::size_t last) {
    const auto process = static_cast<std::size_t>(::getpid());
    return Concat("127.", 1 + process / 250 % 250, ".", 1 + process % 250, ".", last);
  }

  const std::size_t hosts_;
  std::map<std::tuple<std::size_t, std::size_t, std::uint16_t>, std::unique_ptr<FaultProxy>>
      proxies_;
};

}  // namespace

std::unique_ptr<ClusterNetwork> MakeLoopbackNetwork(std::size_t hosts) {
  return std::make_unique<LoopbackNetwork>(hosts);
}

}  // namespace comet
