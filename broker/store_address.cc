#include "broker/store_address.h"

#include <arpa/inet.h>

namespace comet::broker {

StatusOr<wire::Host> ParseIp(const std::string& text) {
  wire::Host host;
  if (::inet_pton(AF_INET, text.c_str(), host.ip.data()) == 1) return host;
  host.v6 = true;
  if (::inet_pton(AF_INET6, text.c_str(), host.ip.data()) == 1) return host;
  return Status(Status::Code::kInvalid, "brokerIP1: '" + text + "' is not an IP address");
}

}  // namespace comet::broker
