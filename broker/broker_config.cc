#include "broker/broker_config.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <memory>

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

Status Wrong(std::string_view key, std::string_view why) {
  return {Status::Code::kInvalid, std::string(key).append(": ").append(why)};
}

}  // namespace

Status BrokerConfig::Check() const {
  if (role == "SLAVE")
    return Wrong("brokerRole",
                 "a slave copies its master, and replication is not built in; run an ASYNC_MASTER");
  if (role == "SYNC_MASTER") {
    return Wrong("brokerRole",
                 "SYNC_MASTER answers when a slave has the message, and replication is "
                 "not built in; ASYNC_MASTER with flushDiskType=SYNC_FLUSH waits for the disk");
  }
  if (role != "ASYNC_MASTER") {
    return Wrong("brokerRole", "'" + role + "' is no role; ASYNC_MASTER is");
  }
  if (id != 0) return Wrong("brokerId", "a master has id 0");
  if (listen_port == 1 || listen_port == 2) {
    return Wrong("listenPort", "the port two below it must be usable as well");
  }
  if (!name.empty() && !wire::CheckTopicName(name).ok()) {
    return Wrong("brokerName", "it is the name of a topic too: only letters, digits, _ and -");
  }
  if (!wire::CheckTopicName(cluster).ok()) {
    return Wrong("brokerClusterName",
                 "it is the name of a topic too: only letters, digits, _ and -");
  }
  if (!wire::CheckTopicName(trace_topic_name).ok()) {
    return Wrong("msgTraceTopicName", "not a topic name");
  }
  return {};
}

void CompleteFromMachine(BrokerConfig* config) {
  if (config->name.empty()) {
    config->name = HostName();
    if (!wire::CheckTopicName(config->name).ok()) config->name = "DEFAULT_BROKER";
  }
  if (config->ip1.empty()) config->ip1 = LocalAddress();
  if (config->ip2.empty()) config->ip2 = config->ip1;
  if (config->ha_listen_port == 0) config->ha_listen_port = config->listen_port + 1;
}

}  // namespace comet::broker
