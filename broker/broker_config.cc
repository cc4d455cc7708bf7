#include "broker/broker_config.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "broker/namesrv_list.h"
#include "broker/store_address.h"
#include "remoting/base/config_file.h"
#include "remoting/base/text.h"
#include "remoting/net/resolver.h"
#include "remoting/wire/names.h"

namespace comet::broker {
namespace {

std::string HostName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "DEFAULT_BROKER";
  return name.data();
}

// The first IPv4 address that another machine could use; loopback when there is none.
std::string LocalAddress() {
  ifaddrs* raw = nullptr;
  if (::getifaddrs(&raw) != 0) return "127.0.0.1";
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> list(raw, &::freeifaddrs);
  for (const ifaddrs* at = list.get(); at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET) continue;
    if ((at->ifa_flags & IFF_LOOPBACK) != 0 || (at->ifa_flags & IFF_UP) == 0) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const void* address =
        &reinterpret_cast<const sockaddr_in*>(at->ifa_addr)->sin_addr;  // family checked above
    if (::inet_ntop(AF_INET, address, text.data(), text.size()) != nullptr) return text.data();
  }
  return "127.0.0.1";
}

constexpr std::string_view kNameOfTopic =
    "only letters, digits, _ and -, because it is the name of a topic too";

Status CheckIp(std::string_view key, const std::string& text) {
  return text.empty() || ParseIp(text).ok() ? Status() : NotAllowed(key, text, "an IP address");
}

}  // namespace

Status BrokerConfig::Check() const {
  COMET_TRY(CheckHa(id));
  COMET_TRY(CheckMetrics());
  if (listen_port == 1 || listen_port == 2) {
    return NotAllowed("listenPort", Concat(listen_port),
                      "0 and 3 to 65533, because the port two below it must be usable as well");
  }
  if (!name.empty() && !wire::CheckTopicName(name).ok()) {
    return NotAllowed("brokerName", name, kNameOfTopic);
  }
  if (!wire::CheckTopicName(cluster).ok()) {
    return NotAllowed("brokerClusterName", cluster, kNameOfTopic);
  }
  if (!wire::CheckTopicName(trace_topic_name).ok()) {
    return NotAllowed("msgTraceTopicName", trace_topic_name, "a topic name");
  }
  if (!net::NumericAddress(bind_address, 0).ok()) {
    return NotAllowed("bindAddress", bind_address, "an IP address of this machine");
  }
  COMET_TRY(CheckIp("brokerIP1", ip1));
  COMET_TRY(CheckIp("brokerIP2", ip2));
  if (const auto status = CheckAddresses(namesrv_addr); !status.ok()) {
    return NotAllowed("namesrvAddr", namesrv_addr,
                      Concat("host:port;host:port, and ", status.message()));
  }
  return {};
}

std::int64_t MachineMemory() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES), page_bytes = ::sysconf(_SC_PAGE_SIZE);
  return pages <= 0 || page_bytes <= 0 ? 0 : static_cast<std::int64_t>(pages) * page_bytes;
}

std::int64_t HotDistance(const BrokerConfig& config, std::int64_t memory_bytes) {
  constexpr std::int32_t kLessOnSlaves = 10;
  const auto percent = config.memory_percent - (config.is_slave() ? kLessOnSlaves : 0);
  return memory_bytes / 100 * std::max(percent, 0);
}

void CompleteFromMachine(BrokerConfig* config) {
  if (config->name.empty()) {
    config->name = HostName();
    if (!wire::CheckTopicName(config->name).ok()) config->name = "DEFAULT_BROKER";
  }
  if (config->ip1.empty()) config->ip1 = LocalAddress();
  if (config->ip2.empty()) config->ip2 = config->ip1;
  if (config->ha_listen_port == 0 && config->listen_port != 0) {
    config->ha_listen_port = config->listen_port + 1;
  }
}

}  // namespace comet::broker
